import { expect, type Locator, type Page } from '@playwright/test'

/** Where the keyboard is, and how one sees it. */
interface FocusLook {
  /** The element, as a person reading a report knows it. */
  readonly where: string
  /** Whether it or a box close around it is drawn as only what has the focus is. */
  readonly seen: boolean
}

function focusLook(page: Page): Promise<FocusLook> {
  return page.evaluate(() => {
    const probe = document.createElement('i')
    probe.style.color = 'var(--accent)'
    document.body.append(probe)
    const accent = getComputedStyle(probe).color
    probe.remove()
    const { activeElement } = document
    const marked = (element: Element | null): boolean => {
      if (!element) return false
      const style = getComputedStyle(element)
      const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
      // Of a menu one item is lit at a time.
      const lit = element.hasAttribute('data-highlighted') && !style.backgroundColor.endsWith(' 0)')
      return outlined || lit || style.boxShadow.includes(accent) || style.borderTopColor === accent
    }
    const descendant = activeElement?.getAttribute('aria-activedescendant')
    const boxes = [activeElement, descendant ? document.getElementById(descendant) : null]
    for (let box = activeElement?.parentElement; box && boxes.length < 7; box = box.parentElement)
      boxes.push(box)
    const name = activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
    return {
      where: `${activeElement?.tagName.toLowerCase()} ${name.trim().slice(0, 40)}`.trim(),
      seen: boxes.some(marked),
    }
  })
}

/** Waits until the keyboard is somewhere, and that place can be seen. */
export async function expectFocusSeen(page: Page, when: string): Promise<void> {
  await expect(async () => {
    const look = await focusLook(page)
    expect(look.where, when).not.toMatch(/^body/)
    expect(look.seen, `${when}: ${look.where}`).toBe(true)
  }).toPass({ timeout: 5_000 })
}

/** Presses Tab, or another key, until this has the focus; every stop on the way is seen. */
export async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  const isThere = () => target.evaluate((element) => element.contains(document.activeElement))
  for (let stops = 0; !(await isThere()); stops += 1) {
    expect(stops, 'stops on the way').toBeLessThan(80)
    // In the editor Tab writes, until Escape.
    if (await page.evaluate(() => document.activeElement?.matches('.cm-content') === true))
      await page.keyboard.press('Escape')
    await page.keyboard.press(key)
    if (await page.evaluate(() => document.activeElement !== document.body))
      await expectFocusSeen(page, `${key}, stop ${stops + 1}`)
  }
}
