import type { Page } from '@playwright/test'

/** What a page looked like as it was drawn first, and which themes it named until it was loaded. */
export interface FirstLook {
  readonly background: string
  readonly themes: readonly (string | null)[]
}

/** Remembers how each document of this page begins, from the next load on. */
export async function watchFirstLook(page: Page): Promise<() => Promise<FirstLook>> {
  await page.addInitScript(() => {
    const look: { background: string; themes: (string | null)[] } = { background: '', themes: [] }
    const note = () => look.themes.push(document.documentElement.getAttribute('data-theme'))
    document.addEventListener('DOMContentLoaded', () => {
      const layers = [document.body, document.documentElement]
      const colours = layers.map((layer) => getComputedStyle(layer).backgroundColor)
      look.background = colours.find((colour) => colour !== 'rgba(0, 0, 0, 0)') ?? ''
      note()
      new MutationObserver(note).observe(document.documentElement, {
        attributeFilter: ['data-theme'],
      })
    })
    Object.assign(window, { firstLook: look })
  })
  return () => page.evaluate(() => (window as unknown as { firstLook: FirstLook }).firstLook)
}

/** Whether a colour as a style gives it is a dark one. */
export function isDark(colour: string): boolean {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return (red + green + blue) / 3 < 128
}

/** The colour behind everything. */
export function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
}
