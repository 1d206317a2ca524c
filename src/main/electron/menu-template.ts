import type { MenuItemConstructorOptions } from 'electron'
import type { Theme } from '@shared/model/settings'

export interface MenuOptions {
  readonly appName: string
  readonly platform: NodeJS.Platform
  readonly theme: Theme
  /** Hears what was chosen; the interface acts on it as on its own shortcut. */
  readonly chosen: (command: MenuCommand) => void
  readonly setTheme: (theme: Theme) => void
}

/** Every command a native menu item sends; the interface has each under the same name. */
export type MenuCommand =
  | 'connection.new'
  | 'connection.toggle'
  | 'connection.close'
  | 'connection.next'
  | 'connection.previous'
  | 'url.focus'
  | 'message.ping'
  | 'profile.save'
  | 'traffic.filter'
  | 'traffic.pause'
  | 'traffic.clear'
  | 'traffic.export'
  | 'connections.show'
  | 'server.show'
  | 'settings.show'
  | 'palette.show'
  | 'shortcuts.show'

const separator: MenuItemConstructorOptions = { type: 'separator' }

/** What the native menus hold; nothing here needs Electron at run time. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin'
  const item = command(options)
  return [
    ...(isMac ? [appMenu(item, options.appName)] : []),
    fileMenu(item, isMac),
    editMenu(item),
    connectionMenu(item),
    viewMenu(item, options),
    windowMenu(isMac),
    helpMenu(item, isMac),
  ]
}

type Item = (
  label: string,
  command: MenuCommand,
  accelerator?: string,
) => MenuItemConstructorOptions

function command({ chosen }: MenuOptions): Item {
  return (label, name, accelerator) => ({
    id: name,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => chosen(name),
  })
}

function appMenu(item: Item, appName: string): MenuItemConstructorOptions {
  return {
    label: appName,
    submenu: [
      { role: 'about' },
      separator,
      item('Settings…', 'settings.show', 'Command+,'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function fileMenu(item: Item, isMac: boolean): MenuItemConstructorOptions {
  return {
    label: 'File',
    submenu: [
      item('New connection', 'connection.new', 'CmdOrCtrl+T'),
      item('Close connection', 'connection.close', 'CmdOrCtrl+W'),
      separator,
      item('Save profile', 'profile.save', 'CmdOrCtrl+S'),
      item('Export traffic…', 'traffic.export', 'CmdOrCtrl+E'),
      ...(isMac
        ? []
        : [separator, item('Settings…', 'settings.show', 'Ctrl+,'), separator, quitItem]),
    ],
  }
}

const quitItem: MenuItemConstructorOptions = { role: 'quit' }

function editMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      separator,
      item('Filter traffic', 'traffic.filter', 'CmdOrCtrl+F'),
    ],
  }
}

function connectionMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: 'Connection',
    submenu: [
      item('Connect or disconnect', 'connection.toggle', 'CmdOrCtrl+Shift+Enter'),
      item('Send a ping', 'message.ping'),
      separator,
      item('Pause or resume traffic', 'traffic.pause'),
      item('Clear traffic', 'traffic.clear'),
      separator,
      item('Go to URL', 'url.focus', 'CmdOrCtrl+L'),
      item('Next connection', 'connection.next'),
      item('Previous connection', 'connection.previous'),
    ],
  }
}

function viewMenu(item: Item, { theme, setTheme }: MenuOptions): MenuItemConstructorOptions {
  const themeItem = (label: string, value: Theme): MenuItemConstructorOptions => ({
    id: `theme.${value}`,
    label,
    type: 'radio',
    checked: theme === value,
    click: () => setTheme(value),
  })
  return {
    label: 'View',
    submenu: [
      item('Connections', 'connections.show'),
      item('Local server', 'server.show'),
      item('Search commands', 'palette.show', 'CmdOrCtrl+K'),
      separator,
      {
        label: 'Theme',
        submenu: [
          themeItem('As the system', 'system'),
          themeItem('Dark', 'dark'),
          themeItem('Light', 'light'),
        ],
      },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      separator,
      { role: 'reload' },
      { role: 'toggleDevTools' },
    ],
  }
}

/** Spelled out, because the ready-made one takes Ctrl+W for the window. */
function windowMenu(isMac: boolean): MenuItemConstructorOptions {
  return {
    role: 'window',
    submenu: [
      { role: 'minimize' },
      { role: 'zoom' },
      { role: 'close', accelerator: 'CmdOrCtrl+Shift+W' },
      ...(isMac ? [separator, { role: 'front' as const }] : []),
    ],
  }
}

function helpMenu(item: Item, isMac: boolean): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      item('Keyboard shortcuts', 'shortcuts.show'),
      ...(isMac ? [] : [separator, { role: 'about' as const }]),
    ],
  }
}
