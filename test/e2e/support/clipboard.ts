import type { Page } from '@playwright/test'

/** What a paste would bring, asked of a field of the app; that takes no permission on any host. */
export async function readClipboard(page: Page): Promise<string> {
  const focused = await page.evaluateHandle(() => document.activeElement)
  await page.evaluate(() => {
    const field = document.createElement('textarea')
    field.id = 'pasted'
    document.body.append(field)
    field.focus()
  })
  await page.keyboard.press('ControlOrMeta+v')
  const text = await page.evaluate(() => {
    const field = document.querySelector<HTMLTextAreaElement>('#pasted')
    field?.remove()
    return field?.value ?? ''
  })
  await focused.evaluate((element) => element instanceof HTMLElement && element.focus())
  return text
}
