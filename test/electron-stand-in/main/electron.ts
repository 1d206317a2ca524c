/*
 * The `electron` module of the stand-in. Every name that Electron's main process offers is here, so
 * that a use of what is missing says which it was.
 */
import type * as Electron from 'electron'
import { missing } from '../double'

export { app } from './app'
export { BrowserWindow } from './browser-window'
export { dialog, nativeTheme, safeStorage, screen, shell } from './desktop'
export { ipcMain } from './ipc-main'
export { Menu } from './menu'
export { protocol } from './protocol'
export { session } from './session'

export const autoUpdater = missing<typeof Electron.autoUpdater>('autoUpdater')
export const BaseWindow = missing<typeof Electron.BaseWindow>('BaseWindow')
export const clipboard = missing<typeof Electron.clipboard>('clipboard')
export const contentTracing = missing<typeof Electron.contentTracing>('contentTracing')
export const crashReporter = missing<typeof Electron.crashReporter>('crashReporter')
export const desktopCapturer = missing<typeof Electron.desktopCapturer>('desktopCapturer')
export const globalShortcut = missing<typeof Electron.globalShortcut>('globalShortcut')
export const inAppPurchase = missing<typeof Electron.inAppPurchase>('inAppPurchase')
export const MenuItem = missing<typeof Electron.MenuItem>('MenuItem')
export const MessageChannelMain = missing<typeof Electron.MessageChannelMain>('MessageChannelMain')
export const nativeImage = missing<typeof Electron.nativeImage>('nativeImage')
export const net = missing<typeof Electron.net>('net')
export const netLog = missing<typeof Electron.netLog>('netLog')
export const Notification = missing<typeof Electron.Notification>('Notification')
export const powerMonitor = missing<typeof Electron.powerMonitor>('powerMonitor')
export const powerSaveBlocker = missing<typeof Electron.powerSaveBlocker>('powerSaveBlocker')
export const systemPreferences = missing<typeof Electron.systemPreferences>('systemPreferences')
export const TouchBar = missing<typeof Electron.TouchBar>('TouchBar')
export const Tray = missing<typeof Electron.Tray>('Tray')
export const utilityProcess = missing<typeof Electron.utilityProcess>('utilityProcess')
export const View = missing<typeof Electron.View>('View')
export const webContents = missing<typeof Electron.webContents>('webContents')
export const WebContentsView = missing<typeof Electron.WebContentsView>('WebContentsView')
export const webFrameMain = missing<typeof Electron.webFrameMain>('webFrameMain')
