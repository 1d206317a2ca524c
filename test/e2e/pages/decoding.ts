import { expect, type Locator, type Page } from '@playwright/test'

/** The decoders between a payload and what the inspector shows of it. */
export class Decoding {
  readonly #page: Page
  readonly #inspector: Locator
  /** The steps in force, from the first on. */
  readonly steps: Locator
  /** What fits the payload, while nothing is in force. */
  readonly suggestions: Locator
  readonly none: Locator
  readonly problem: Locator
  readonly protobufDialog: Locator

  constructor(page: Page) {
    this.#page = page
    this.#inspector = page.getByRole('region', { name: 'Inspector', exact: true })
    this.steps = this.#inspector
      .getByRole('list', { name: 'Decode', exact: true })
      .getByRole('button')
    this.suggestions = this.#inspector
      .getByRole('list', { name: 'Suggested', exact: true })
      .getByRole('button')
    this.none = this.#inspector.getByRole('button', { name: 'None', exact: true })
    this.problem = this.#inspector.getByRole('alert')
    this.protobufDialog = page.getByRole('dialog', { name: 'Protobuf schema and message' })
  }

  /** Adds a step behind those in force. */
  async add(step: string): Promise<void> {
    await this.#inspector.getByRole('button', { name: /^(Decode with|Add a step)$/ }).click()
    await this.#page.getByRole('menuitem', { name: step, exact: true }).click()
  }

  /** Opens the menu of a step and chooses. */
  async change(step: string | RegExp, item: string): Promise<void> {
    await this.steps.filter({ hasText: step }).click()
    await this.#page.getByRole('menuitem', { name: item }).click()
  }

  async expectSteps(...steps: string[]): Promise<void> {
    await expect(this.steps).toHaveText(steps)
  }
}
