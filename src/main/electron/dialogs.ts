import { join } from 'node:path'
import { app, BrowserWindow, dialog, type OpenDialogOptions } from 'electron'
import type { FileSink } from '../host'
import { openFileSink } from './file-sink'

/** Asks where to save; the path stays in this process. @returns `null` when cancelled. */
export async function saveFile(suggestedName: string): Promise<FileSink | null> {
  const options = { defaultPath: join(app.getPath('downloads'), plainName(suggestedName)) }
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options)
  return canceled || filePath === '' ? null : await openFileSink(filePath)
}

/** Asks for a folder; its path stays in this process. @returns `null` when cancelled. */
export async function chooseFolder(): Promise<string | null> {
  const options: OpenDialogOptions = { properties: ['openDirectory'] }
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options)
  return canceled ? null : (filePaths[0] ?? null)
}

/** A suggestion may hold a peer's text; it must not lead into another folder. */
function plainName(name: string): string {
  const plain = name.replace(/[\p{Cc}<>:"/\\|?*]/gu, '_').replace(/^\.+/, '')
  return plain === '' ? 'framescope' : plain
}
