import { expect, type Locator, type Page } from '@playwright/test'

export type InspectorTab = 'Pretty' | 'Raw' | 'Hex' | 'Frame' | 'Compare'
export type InspectorCopy = 'Copy as text' | 'Copy as hex' | 'Copy as base64' | 'Save payload…'

/** One row, seen in four ways. */
export class Inspector {
  readonly #page: Page
  readonly region: Locator
  /** What the chosen tab shows. */
  readonly panel: Locator

  constructor(page: Page) {
    this.#page = page
    this.region = page.getByRole('region', { name: 'Inspector', exact: true })
    this.panel = this.region.getByRole('tabpanel')
  }

  tab(name: InspectorTab): Locator {
    return this.region.getByRole('tab', { name, exact: true })
  }

  async choose(name: InspectorTab): Promise<void> {
    await this.tab(name).click()
    await expect(this.tab(name)).toHaveAttribute('aria-selected', 'true')
  }

  async copy(item: InspectorCopy): Promise<void> {
    await this.region.getByRole('button', { name: 'Copy', exact: true }).click()
    await this.#page.getByRole('menuitem', { name: item, exact: true }).click()
  }
}
