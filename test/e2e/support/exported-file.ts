import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type TestInfo } from '@playwright/test'
import type { App } from '../fixtures/app'
import { ExportDialog } from '../pages/export-dialog'
import { screenOf } from '../pages/screen'

/** What is exported, and as what. */
export interface ExportWish {
  /** The name of the file. */
  readonly name: string
  /** As the dialog calls it. */
  readonly format: string
  /** Whatever else is chosen in the dialog. */
  readonly prepare?: (dialog: ExportDialog) => Promise<void>
}

/** Exports what is on screen, as a user of this host does. */
export async function exportFile(
  app: App,
  testInfo: TestInfo,
  { name, format, prepare }: ExportWish,
): Promise<{ readonly path: string; readonly bytes: Buffer; readonly text: string }> {
  const path = join(testInfo.outputPath(), name)
  const { notifications, traffic } = screenOf(app.page)
  const exportDialog = new ExportDialog(app.page)
  await traffic.export.click()
  await exportDialog.format.selectOption({ label: format })
  await prepare?.(exportDialog)
  if (app.host === 'web') {
    const download = app.page.waitForEvent('download')
    await exportDialog.confirm.click()
    await (await download).saveAs(path)
  } else {
    await app.saveAs(path)
    await exportDialog.confirm.click()
    await expect(notifications).toContainText(`Saved ${name}`)
  }
  await expect(exportDialog.dialog).toBeHidden()
  const bytes = await readFile(path)
  return { path, bytes, text: bytes.toString() }
}
