import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type TestInfo } from '@playwright/test'
import type {
  JsonLine,
  JsonLinesHeader,
  JsonLinesSession,
} from '../../../src/main/engine/export/json-lines'
import type { App } from '../fixtures/app'
import { screenOf } from '../pages/screen'

/** Exports what is on screen, as a user of this host does. @returns the rows of the file. */
export async function exportRows(app: App, testInfo: TestInfo, name: string): Promise<JsonLine[]> {
  const path = join(testInfo.outputPath(), name)
  const { exportDialog, notifications, traffic } = screenOf(app.page)
  await traffic.export.click()
  await expect(exportDialog.dialog).toBeVisible()
  if (app.host === 'web') {
    const download = app.page.waitForEvent('download')
    await exportDialog.confirm.click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/\.jsonl$/)
    await file.saveAs(path)
  } else {
    await app.saveAs(path)
    await exportDialog.confirm.click()
    await expect(notifications).toContainText(`Saved ${name}`)
  }
  await expect(exportDialog.dialog).toBeHidden()
  return parseRows(await readFile(path, 'utf8'))
}

/** Reads the rows of JSON Lines; the lines on the file and on its sessions are no rows. */
export function parseRows(text: string): JsonLine[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonLine | JsonLinesHeader | JsonLinesSession)
    .filter((line): line is JsonLine => line.type !== 'header' && line.type !== 'session')
}
