import { expect, type Locator, type Page } from '@playwright/test'

export type FormatName = 'Text' | 'JSON' | 'Hex' | 'Base64' | 'File'

/** Where messages are written, for a connection and for the clients of the local server alike. */
export class Composer {
  readonly #page: Page
  readonly region: Locator
  readonly message: Locator
  readonly format: Locator
  readonly send: Locator
  readonly ping: Locator
  readonly history: Locator
  readonly repeat: Locator
  readonly tidy: Locator
  readonly frameType: Locator
  /** Why nothing was sent. */
  readonly failure: Locator

  constructor(page: Page) {
    this.#page = page
    this.region = page.getByRole('region', { name: 'Composer', exact: true })
    this.message = this.region.getByRole('textbox', { name: 'Message', exact: true })
    this.format = this.region.getByRole('radiogroup', { name: 'Format', exact: true })
    this.send = this.region.getByRole('button', { name: 'Send', exact: true })
    this.ping = this.region.getByRole('button', { name: 'Ping', exact: true })
    this.history = this.region.getByRole('button', { name: 'History', exact: true })
    this.repeat = this.region.getByRole('button', { name: 'Repeat', exact: true })
    this.tidy = this.region.getByRole('button', { name: 'Tidy', exact: true })
    this.frameType = this.region.getByRole('combobox', { name: 'Frame type' })
    this.failure = this.region.getByRole('alert')
  }

  async choose(format: FormatName): Promise<void> {
    const choice = this.format.getByRole('radio', { name: format, exact: true })
    await choice.click()
    await expect(choice).toBeChecked()
  }

  /** Puts one line or more in place of what is in the editor, as typing does. */
  async write(text: string): Promise<void> {
    await this.clear()
    await this.#page.keyboard.insertText(text)
  }

  /** Pastes in place of what is in the editor. */
  async paste(text: string): Promise<void> {
    await this.clear()
    await this.message.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      const paste = { clipboardData, bubbles: true, cancelable: true }
      element.dispatchEvent(new ClipboardEvent('paste', paste))
    }, text)
  }

  async clear(): Promise<void> {
    // Of a long message most is out of sight, its beginning is not.
    await this.message.click({ position: { x: 4, y: 8 } })
    await this.message.press('ControlOrMeta+a')
    await this.message.press('Delete')
  }

  /** Writes a text message and sends it. */
  async sendText(text: string): Promise<void> {
    await this.write(text)
    await this.send.click()
  }

  async chooseFile(
    file: string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer },
  ): Promise<void> {
    const chooser = this.#page.waitForEvent('filechooser')
    await this.region.getByRole('button', { name: /^Choose (file|another)…$/ }).click()
    await (await chooser).setFiles(file)
  }

  /** The text as the editor draws it: `\n` between lines, and the name of what does not show (`CR`). */
  async text(): Promise<string> {
    return (await this.message.locator('.cm-line').allInnerTexts()).join('\n')
  }

  async startRepeat({ interval, times }: { interval: number; times?: number }): Promise<void> {
    const popover = await this.#open(this.repeat)
    await popover.getByRole('spinbutton', { name: 'Send every' }).fill(String(interval))
    const until = times === undefined ? 'Until stopped' : 'A number of times'
    await popover.getByRole('radio', { name: until }).click()
    if (times !== undefined)
      await popover.getByRole('spinbutton', { name: 'Times' }).fill(String(times))
    await popover.getByRole('button', { name: 'Start', exact: true }).click()
    await expect(popover).toBeHidden()
  }

  get stopRepeating(): Locator {
    return this.region.getByRole('button', { name: 'Stop repeating' })
  }

  /** @returns the panel in which a ping gets a payload. */
  async openPing(): Promise<Locator> {
    const more = this.region.getByRole('button', { name: 'Ping with payload…' })
    return this.#open(more)
  }

  /** @returns the panel with what was sent. */
  async openHistory(): Promise<Locator> {
    return this.#open(this.history)
  }

  /** A panel has the name of the button that opens it, and is the only one. */
  async #open(button: Locator): Promise<Locator> {
    const popover = this.#page.getByRole('dialog')
    await button.click()
    await expect(popover).toBeVisible()
    return popover
  }
}
