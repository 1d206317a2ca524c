import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, session } from 'electron'
import { AppError } from '@shared/errors'
import { createBackend, type Backend } from './backend'
import { registerAppScheme, serveApp } from './electron/app-protocol'
import { chooseFolder, saveFile } from './electron/dialogs'
import { connectIpc } from './electron/ipc'
import { showMenu } from './electron/menu'
import { guardNavigation } from './electron/navigation'
import { pageUrl } from './electron/page-address'
import { denyPermissions } from './electron/permissions'
import { quitGracefully } from './electron/quit'
import { safeOpenExternal } from './electron/safe-open-external'
import { openSecretStorage } from './electron/secret-box'
import { applyTheme, openWindow } from './electron/window'
import type { Host } from './host'
import { createLogger } from './logging/logger'
import { defaultDataFolder } from './storage/default-data-folder'

const folders = {
  data: dataFolder(process.argv),
  page: join(import.meta.dirname, '../renderer'),
  preload: join(import.meta.dirname, '../preload/index.cjs'),
}

// Everything up to `whenReady` must happen before Chromium starts. It must not be awaited here
// either: Electron holds back `ready` until this module has been evaluated.
app.enableSandbox()
registerAppScheme()
guardNavigation(pageUrl)
app.setPath('userData', folders.data)
app.setPath('sessionData', join(folders.data, 'browser'))
void app.whenReady().then(start).catch(giveUp)

async function start(): Promise<void> {
  const log = createLogger(folders.data)
  const backend = await createBackend({
    host: await electronHost(),
    dataFolder: folders.data,
    version: app.getVersion(),
    log,
  })
  quitGracefully(() => backend.dispose())
  denyPermissions(session.defaultSession)
  serveApp(folders.page, () => backend.settings().theme)
  followTheme(backend)
  const ipc = connectIpc(backend, pageUrl)

  const open = () => {
    const window = openWindow({ dataFolder: folders.data, preload: folders.preload })
    ipc.attach(window.webContents)
    void window.loadURL(pageUrl)
  }
  open()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
}

async function electronHost(): Promise<Host> {
  return {
    kind: 'electron',
    nativeMenu: true,
    ...(await openSecretStorage(process.platform)),
    openExternal: safeOpenExternal,
    saveFile,
    allowedFolders: [],
    chooseFolder,
  }
}

function followTheme(backend: Backend): void {
  const apply = () => {
    const { theme } = backend.settings()
    applyTheme(theme)
    showMenu({
      platform: process.platform,
      theme,
      chosen: (command) => backend.menuChosen(command),
      setTheme: (chosen) =>
        void backend.dispatch({ clientId: 'menu' }, 'settings.update', { theme: chosen }),
    })
  }
  apply()
  let shown = backend.settings().theme
  backend.onEvent(({ name }) => {
    if (name !== 'settings.changed' || backend.settings().theme === shown) return
    shown = backend.settings().theme
    apply()
  })
}

function giveUp(error: unknown): void {
  const known = error instanceof AppError
  dialog.showErrorBox(
    known ? 'Framescope cannot start' : 'Framescope met a defect while starting',
    error instanceof Error ? error.message : String(error),
  )
  app.exit(1)
}

function dataFolder(argv: readonly string[]): string {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { data: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  return typeof values.data === 'string' ? resolve(values.data) : defaultDataFolder()
}
