import { expect, type Locator, type Page } from '@playwright/test'
import type { RowKind } from '../../../src/shared/model/frame'

/** What a row is found by. */
export interface RowLook {
  readonly kind?: RowKind
  readonly direction?: 'In' | 'Out'
  readonly preview?: string | RegExp
}

/** The list of everything that happened. Only the rows in sight are on the page. */
export class Traffic {
  readonly #page: Page
  readonly grid: Locator
  readonly filter: Locator
  readonly pause: Locator
  readonly resume: Locator
  readonly clear: Locator
  readonly export: Locator
  /** The pill that jumps back to the tail. */
  readonly tail: Locator

  constructor(page: Page) {
    this.#page = page
    this.grid = page.getByRole('grid', { name: 'Traffic', exact: true })
    this.filter = page.getByRole('textbox', { name: 'Filter', exact: true })
    this.pause = page.getByRole('button', { name: 'Pause', exact: true })
    this.resume = page.getByRole('button', { name: 'Resume', exact: true })
    this.clear = page.getByRole('button', { name: 'Clear', exact: true })
    this.export = page.getByRole('button', { name: 'Export', exact: true })
    this.tail = page.getByRole('button', { name: /\d+ new/ })
  }

  /** All rows in sight, without the header. */
  get rows(): Locator {
    return this.grid.getByRole('row').filter({ has: this.#page.getByRole('gridcell') })
  }

  /** Rows in sight that look like this. */
  row({ kind, direction, preview }: RowLook): Locator {
    let rows = this.rows
    if (kind !== undefined) rows = rows.filter({ has: this.#cell(kind) })
    if (direction !== undefined) rows = rows.filter({ has: this.#cell(direction) })
    if (preview !== undefined) rows = rows.filter({ hasText: preview })
    return rows
  }

  /** A cell of a row by its whole text. */
  #cell(text: string): Locator {
    return this.#page.getByRole('gridcell', { name: text, exact: true })
  }

  /** Rows of the current view, in sight or not. */
  async count(): Promise<number> {
    return Number(await this.grid.getAttribute('aria-rowcount'))
  }

  async expectCount(count: number): Promise<void> {
    await expect(this.grid).toHaveAttribute('aria-rowcount', String(count))
  }
}
