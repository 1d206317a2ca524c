import { expect, type Locator, type Page } from '@playwright/test'

/** What one finds one's way in the traffic with: bookmarks, times, columns, statistics. */
export class TrafficTools {
  readonly #page: Page
  readonly bookmarks: Locator
  /** In the popover of the bookmarks. */
  readonly bookmarkedRows: Locator
  readonly onlyBookmarks: Locator
  readonly noteDialog: Locator
  readonly timeDialog: Locator
  readonly timeline: Locator
  readonly periodStart: Locator
  readonly periodEnd: Locator
  readonly showAllTimes: Locator
  readonly columns: Locator
  readonly headers: Locator
  /** What several selected rows add up to. */
  readonly statistics: Locator
  readonly longestGap: Locator

  constructor(page: Page) {
    const grid = page.getByRole('grid', { name: 'Traffic', exact: true })
    this.#page = page
    this.bookmarks = page.getByRole('button', { name: 'Bookmarks', exact: true })
    this.bookmarkedRows = page
      .getByRole('list', { name: 'Bookmarked rows', exact: true })
      .getByRole('button')
    this.onlyBookmarks = page.getByRole('switch', { name: 'Bookmarks only', exact: true })
    this.noteDialog = page.getByRole('dialog', { name: 'Note', exact: true })
    this.timeDialog = page.getByRole('dialog', { name: 'Go to a time', exact: true })
    this.timeline = page.getByRole('group', { name: 'Rate over time', exact: true })
    this.periodStart = this.timeline.getByRole('slider', { name: 'Start of the period' })
    this.periodEnd = this.timeline.getByRole('slider', { name: 'End of the period' })
    this.showAllTimes = this.timeline.getByRole('button', { name: 'Show all times' })
    this.columns = page.getByRole('button', { name: 'Columns', exact: true })
    this.headers = grid.getByRole('columnheader')
    this.statistics = page.getByRole('group', { name: 'Selected rows', exact: true })
    this.longestGap = this.statistics.getByRole('button', { name: /^Go to the longest gap/ })
  }

  column(label: string): Locator {
    return this.#page.getByRole('menuitemcheckbox', { name: label })
  }

  /** The edge of a column, which the arrow keys move. */
  columnEdge(label: string): Locator {
    return this.#page.getByRole('separator', { name: `Width of ${label}`, exact: true })
  }

  /** Notes something on the row the keyboard is on. */
  async note(text: string): Promise<void> {
    await this.#page.keyboard.press('n')
    await expect(this.noteDialog.getByRole('textbox', { name: 'Note on the row' })).toBeFocused()
    await this.#page.keyboard.type(text)
    await this.#page.keyboard.press('Enter')
    await expect(this.noteDialog).toBeHidden()
  }

  /** Asks to go to a time; the dialog stays open when that is not possible. */
  async goToTime(text: string): Promise<void> {
    const field = this.timeDialog.getByRole('textbox', { name: 'Time', exact: true })
    if (await this.timeDialog.isHidden()) await this.#page.keyboard.press('t')
    await field.fill(text)
    await field.press('Enter')
  }
}
