import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type TestInfo } from '@playwright/test'
import type { JsonLine } from '../../../src/main/engine/export/json-lines'
import type { App } from '../fixtures/app'
import { screenOf } from '../pages/screen'

/** Exports what is on screen, as a user of this host does. @returns the rows of the file. */
export async function exportRows(app: App, testInfo: TestInfo, name: string): Promise<JsonLine[]> {
  const path = join(testInfo.outputPath(), name)
  const { traffic, notifications } = screenOf(app.page)
  if (app.host === 'web') {
    const download = app.page.waitForEvent('download')
    await traffic.export.click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/\.jsonl$/)
    await file.saveAs(path)
  } else {
    await app.saveAs(path)
    await traffic.export.click()
    await expect(notifications).toContainText(`Saved ${name}`)
  }
  return parseRows(await readFile(path, 'utf8'))
}

/** Reads JSON Lines. */
export function parseRows(text: string): JsonLine[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonLine)
}
