import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/**
 * Looks for what keeps people from using the page as it is now, in both themes. An open menu belongs to
 * its button rather than to a landmark, which axe wants of everything but dialogs.
 */
export async function expectAccessible(
  page: Page,
  what: string,
  { menu = false }: { readonly menu?: boolean } = {},
): Promise<void> {
  // What a pointer that rests somewhere brings up is not part of the screen.
  await page.mouse.move(0, 0)
  await expect(page.getByRole('tooltip')).toHaveCount(0)
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const axe = new AxeBuilder({ page }).setLegacyMode().disableRules(menu ? ['region'] : [])
    const { violations } = await axe.analyze()
    const found = violations.map(({ id, nodes }) => ({
      rule: id,
      where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    }))
    expect(found, `${what}, ${colorScheme}`).toEqual([])
  }
}
