import { join } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'
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

/** A suggestion may hold a peer's text; it must not lead into another folder. */
function plainName(name: string): string {
  const plain = name.replace(/[\p{Cc}<>:"/\\|?*]/gu, '_').replace(/^\.+/, '')
  return plain === '' ? 'framescope' : plain
}
