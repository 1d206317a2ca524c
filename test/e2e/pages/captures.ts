import { expect, type Locator, type Page } from '@playwright/test'

/** What was kept: the list of all captures, those that are open, and the way to save one. */
export class CapturesPage {
  readonly #page: Page
  readonly link: Locator
  readonly table: Locator
  readonly tabs: Locator
  /** What the open capture is. */
  readonly bar: Locator
  readonly saveDialog: Locator
  readonly renameDialog: Locator
  readonly importDialog: Locator

  constructor(page: Page) {
    this.#page = page
    this.link = page.getByRole('link', { name: /^Captures/ })
    this.table = page.getByRole('table', { name: 'Captures', exact: true })
    this.tabs = page.getByRole('tablist', { name: 'Open captures', exact: true })
    this.bar = page.getByRole('region', { name: 'Capture', exact: true })
    this.saveDialog = page.getByRole('dialog', { name: 'Save capture', exact: true })
    this.renameDialog = page.getByRole('dialog', { name: 'Rename capture', exact: true })
    this.importDialog = page.getByRole('dialog', { name: 'Import a capture', exact: true })
  }

  async go(): Promise<void> {
    await this.link.click()
    await expect(this.link).toHaveAttribute('aria-current', 'page')
  }

  /** The line of a capture in the list of all. */
  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.act('Open', name) })
  }

  act(what: 'Open' | 'Save' | 'Rename' | 'Delete', name: string): Locator {
    return this.#page.getByRole('button', { name: `${what} ${name}`, exact: true })
  }

  tab(name: string): Locator {
    return this.tabs.getByRole('tab', { name, exact: true })
  }

  /** Opens a capture from the list of all. */
  async open(name: string): Promise<void> {
    await this.act('Open', name).click()
    await expect(this.bar.getByRole('heading', { name, exact: true })).toBeVisible()
  }

  /** Keeps what the log on screen holds, by keyboard. */
  async save(name: string): Promise<void> {
    await this.#page.keyboard.press('ControlOrMeta+Shift+s')
    await this.#answer(this.saveDialog, name)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.act('Rename', from).click()
    await this.#answer(this.renameDialog, to)
  }

  async #answer(dialog: Locator, name: string): Promise<void> {
    const field = dialog.getByRole('textbox', { name: 'Name', exact: true })
    await expect(field).toBeFocused()
    await field.fill(name)
    await field.press('Enter')
    await expect(dialog).toBeHidden()
  }

  /** Imports a file, wherever one is: before there is a capture nothing else leads there. */
  async importFile(path: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Search commands and profiles' }).click()
    await this.#page
      .getByRole('combobox', { name: 'Search commands and profiles' })
      .fill('Import a capture')
    await this.#page.getByRole('option', { name: /^Import a capture…/ }).click()
    await this.importDialog.locator('input[type=file]').setInputFiles(path)
    await this.importDialog.getByRole('button', { name: 'Import', exact: true }).click()
  }
}
