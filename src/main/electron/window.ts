import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import type { Theme } from '@shared/model/settings'
import { isReachable, readWindowState, writeWindowState } from './window-state'

export interface WindowOptions {
  readonly dataFolder: string
  /** The built preload script. */
  readonly preload: string
}

/** The page's own background, so that nothing flashes before its first paint. */
const backgrounds = { dark: '#0e1014', light: '#f4f5f7' }

/** Makes the native theme, the window and `prefers-color-scheme` follow the setting. */
export function applyTheme(theme: Theme): void {
  nativeTheme.themeSource = theme
  for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(background())
}

/** Opens the window where it stood last time; it is shown once its page has something to show. */
export function openWindow({ dataFolder, preload }: WindowOptions): BrowserWindow {
  const state = readWindowState(dataFolder)
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    title: app.name,
    width: 1280,
    height: 800,
    minWidth: 720,
    minHeight: 480,
    ...(state !== null && isReachable(state.bounds, workAreas) ? state.bounds : {}),
    show: false,
    backgroundColor: background(),
    webPreferences: {
      preload,
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webviewTag: false,
    },
  })
  if (state?.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberState(window, dataFolder)
  reloadAfterCrash(window)
  return window
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}

function rememberState(window: BrowserWindow, dataFolder: string): void {
  let timer: NodeJS.Timeout | null = null
  const write = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (window.isDestroyed()) return
    const maximized = window.isMaximized()
    writeWindowState(dataFolder, { bounds: window.getNormalBounds(), maximized })
  }
  const writeSoon = () => (timer ??= setTimeout(write, 500))
  window.on('resize', writeSoon)
  window.on('move', writeSoon)
  window.on('close', write)
}

/** The sessions live in this process and go on; a page that crashes at once again is left alone. */
function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = Number.NEGATIVE_INFINITY
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const now = performance.now()
    const again = now - lastCrash < 2000
    lastCrash = now
    if (!again) window.webContents.reload()
  })
}
