import { expect, type Locator, type Page } from '@playwright/test'

/** Asks which rows are exported, as what, and what is hidden in the file. */
export class ExportDialog {
  readonly dialog: Locator
  readonly rows: Locator
  readonly format: Locator
  readonly confirm: Locator
  readonly cancel: Locator
  readonly progress: Locator
  /** Whether credentials in headers are hidden in the file. */
  readonly credentials: Locator
  readonly urlSecrets: Locator
  /** JSONPaths whose values are hidden, one a line. */
  readonly jsonPaths: Locator

  constructor(page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Export traffic', exact: true })
    this.rows = this.dialog.getByRole('combobox', { name: 'Rows', exact: true })
    this.format = this.dialog.getByRole('combobox', { name: 'Format', exact: true })
    this.confirm = this.dialog.getByRole('button', { name: 'Export', exact: true })
    this.cancel = this.dialog.getByRole('button', { name: 'Cancel', exact: true })
    this.progress = this.dialog.getByRole('progressbar', { name: 'Exporting', exact: true })
    this.credentials = this.dialog.getByRole('switch', { name: 'Credentials in headers' })
    this.urlSecrets = this.dialog.getByRole('switch', { name: 'Secrets in URLs' })
    this.jsonPaths = this.dialog.getByRole('textbox', { name: 'Values in JSON messages' })
  }

  /** The scope that is chosen, with how many rows it covers. */
  async expectRows(label: string): Promise<void> {
    await expect(this.rows.getByRole('option', { selected: true })).toHaveText(label)
  }
}
