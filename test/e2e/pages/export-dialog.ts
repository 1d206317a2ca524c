import { expect, type Locator, type Page } from '@playwright/test'

/** Asks which rows are exported, as what, and what is hidden in the file. */
export class ExportDialog {
  readonly dialog: Locator
  readonly rows: Locator
  readonly format: Locator
  readonly confirm: Locator

  constructor(page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Export traffic', exact: true })
    this.rows = this.dialog.getByRole('combobox', { name: 'Rows', exact: true })
    this.format = this.dialog.getByRole('combobox', { name: 'Format', exact: true })
    this.confirm = this.dialog.getByRole('button', { name: 'Export', exact: true })
  }

  /** The scope that is chosen, with how many rows it covers. */
  async expectRows(label: string): Promise<void> {
    await expect(this.rows.getByRole('option', { selected: true })).toHaveText(label)
  }
}
