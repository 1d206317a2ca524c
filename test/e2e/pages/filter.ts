import { expect, type Locator, type Page } from '@playwright/test'

/** The line that filters or searches the traffic, and what it says. */
export class FilterLine {
  readonly input: Locator
  /** Pressed as long as what does not match is hidden. */
  readonly onlyMatches: Locator
  readonly suggestions: Locator
  /** What is said of it once typing pauses. */
  readonly state: Locator
  readonly nextMatch: Locator
  readonly previousMatch: Locator

  constructor(page: Page) {
    this.input = page.getByRole('textbox', { name: 'Filter', exact: true })
    this.onlyMatches = page.getByRole('button', { name: 'Show only matches', exact: true })
    this.suggestions = page.getByRole('listbox', { name: 'Suggestions', exact: true })
    this.state = page.getByRole('status', { name: 'Filter state', exact: true })
    this.nextMatch = page.getByRole('button', { name: 'Next match', exact: true })
    this.previousMatch = page.getByRole('button', { name: 'Previous match', exact: true })
  }

  /** The suggestion that Enter or Tab would take. */
  get chosen(): Locator {
    return this.suggestions.getByRole('option', { selected: true })
  }

  async set(text: string): Promise<void> {
    await this.input.fill(text)
    await expect(this.input).toHaveValue(text)
  }

  /** What is described as wrong with the text, or as having been stopped. */
  async expectProblem(words: RegExp): Promise<void> {
    await expect(this.input).toHaveAccessibleDescription(words)
  }

  async expectNoProblem(): Promise<void> {
    await expect(this.input).toHaveAccessibleDescription('')
    await expect(this.input).not.toHaveAttribute('aria-invalid', 'true')
  }
}
