import { expect, type Locator, type Page } from '@playwright/test'

export type SectionName = 'Connections' | 'Local server' | 'Captures' | 'Settings'

/** Navigation and the saved connections. */
export class Sidebar {
  readonly #page: Page
  readonly profiles: Locator
  readonly search: Locator
  readonly rename: Locator
  readonly duplicate: Locator
  readonly delete: Locator

  constructor(page: Page) {
    this.#page = page
    this.profiles = page.getByRole('list', { name: 'Profiles', exact: true })
    this.search = page.getByRole('textbox', { name: 'Search profiles' })
    this.rename = page.getByRole('button', { name: 'Rename', exact: true })
    this.duplicate = page.getByRole('button', { name: 'Duplicate', exact: true })
    this.delete = page.getByRole('button', { name: 'Delete', exact: true })
  }

  async go(section: SectionName): Promise<void> {
    const link = this.#page.getByRole('link', { name: section, exact: true })
    await link.click()
    await expect(link).toHaveAttribute('aria-current', 'page')
  }

  profile(name: string): Locator {
    return this.profiles.getByRole('button', { name, exact: true })
  }

  /** The names from top to bottom. */
  async profileNames(): Promise<string[]> {
    // In one go, as they come and go meanwhile.
    return this.profiles
      .getByRole('button')
      .evaluateAll((buttons) => buttons.map((one) => one.getAttribute('aria-label') ?? ''))
  }
}
