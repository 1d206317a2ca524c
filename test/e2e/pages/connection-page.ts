import { expect, type Locator, type Page } from '@playwright/test'

/** The names of the states with the numbers of the WebSocket interface. */
const numbers = { Connecting: 0, Open: 1, Closing: 2, Closed: 3 } as const
export type StateName = keyof typeof numbers

/** The tabs of connections, and the bar of the one on screen. */
export class ConnectionPage {
  readonly #page: Page
  /** The whole bar: address, facts, problem. */
  readonly bar: Locator
  readonly url: Locator
  readonly connectButton: Locator
  readonly disconnectButton: Locator
  /** In the bar, while the connection is closing. */
  readonly terminateButton: Locator
  readonly optionsButton: Locator
  readonly saveProfileButton: Locator
  readonly state: Locator
  /** Why the last attempt failed or was refused. */
  readonly problem: Locator
  readonly startServerAndConnect: Locator
  /** How the last connection ended: code, its name, reason, by whom, clean or not. */
  readonly ending: Locator
  readonly certificateWarning: Locator
  readonly options: ConnectionOptions
  readonly closeDialog: CloseDialog

  constructor(page: Page) {
    this.#page = page
    this.bar = page.getByRole('region', { name: 'Connection', exact: true })
    this.url = page.getByRole('textbox', { name: 'URL', exact: true })
    this.connectButton = this.bar.getByRole('button', { name: 'Connect', exact: true })
    this.disconnectButton = this.bar.getByRole('button', { name: 'Disconnect', exact: true })
    this.terminateButton = this.bar.getByRole('button', { name: 'Terminate', exact: true })
    this.optionsButton = this.bar.getByRole('button', { name: 'Options' })
    this.saveProfileButton = page.getByRole('button', { name: 'Save profile', exact: true })
    this.state = page.getByRole('status', { name: 'Connection state', exact: true })
    this.problem = page.getByRole('region', { name: 'Connection problem', exact: true })
    this.startServerAndConnect = this.problem.getByRole('button', {
      name: 'Start the local server and connect',
    })
    this.ending = this.bar.getByText(/by (the server|Framescope|the network), (not )?clean/)
    this.certificateWarning = this.bar.getByText('certificate is not verified')
    this.options = new ConnectionOptions(page)
    this.closeDialog = new CloseDialog(page)
  }

  /** The button of a connection's tab; its name says the state and how much is unread. */
  tab(name: string | RegExp): Locator {
    return this.#page.getByRole('tablist', { name: 'Open connections' }).getByRole('tab', { name })
  }

  get tabs(): Locator {
    return this.#page.getByRole('tablist', { name: 'Open connections' }).getByRole('tab')
  }

  /** One fact of the strip under the address, found by its words. */
  fact(words: string | RegExp): Locator {
    return this.bar.getByText(words)
  }

  async newTab(): Promise<void> {
    const button = this.#page.getByRole('button', { name: 'New tab', exact: true })
    await expect(button).toBeVisible()
    const before = await this.tabs.count()
    await button.click()
    await expect(this.tabs).toHaveCount(before + 1)
    await expect(this.tabs.last()).toHaveAttribute('aria-selected', 'true')
    await expect(this.url).toHaveValue('')
  }

  /** Opens a tab of its own for this address, without connecting. */
  async open(url: string): Promise<void> {
    await this.newTab()
    await this.url.fill(url)
  }

  /** Opens a tab of its own and connects. */
  async connectTo(url: string): Promise<void> {
    await this.open(url)
    await this.connect()
  }

  /** Connects the tab on screen and waits until it is open. */
  async connect(): Promise<void> {
    await this.connectButton.click()
    await this.expectState('Open')
  }

  async expectState(name: StateName): Promise<void> {
    await expect(this.state).toContainText(new RegExp(`${name}\\s*${numbers[name]}`))
  }

  async disconnect(): Promise<void> {
    await this.disconnectButton.click()
    await this.expectState('Closed')
  }

  async chooseToDisconnect(item: 'Disconnect with a code…' | 'Terminate'): Promise<void> {
    await this.bar.getByRole('button', { name: 'More ways to disconnect' }).click()
    await this.#page.getByRole('menuitem', { name: item, exact: true }).click()
  }

  /** Opens the options, changes them, and closes them again. */
  async change(change: (options: ConnectionOptions) => Promise<void>): Promise<void> {
    await this.optionsButton.click()
    await change(this.options)
    await this.options.close()
  }
}

/** The dialog with everything about a connection besides its address. */
export class ConnectionOptions {
  readonly dialog: Locator
  readonly subprotocols: Locator
  readonly origin: Locator
  readonly handshakeTimeout: Locator
  readonly closeTimeout: Locator
  readonly pingInterval: Locator
  readonly pongTimeout: Locator
  readonly followRedirects: Locator
  readonly deflate: Locator
  readonly verifyCertificate: Locator
  readonly retry: Locator
  readonly retryDelay: Locator

  constructor(page: Page) {
    const dialog = page.getByRole('dialog', { name: 'Connection options' })
    this.dialog = dialog
    this.subprotocols = dialog.getByRole('textbox', { name: 'Subprotocols' })
    this.origin = dialog.getByRole('textbox', { name: 'Origin' })
    this.handshakeTimeout = dialog.getByRole('spinbutton', { name: 'Handshake timeout' })
    this.closeTimeout = dialog.getByRole('spinbutton', { name: 'Close timeout' })
    this.pingInterval = dialog.getByRole('spinbutton', { name: 'Ping every' })
    this.pongTimeout = dialog.getByRole('spinbutton', { name: 'Count a ping as lost after' })
    this.followRedirects = dialog.getByRole('switch', { name: 'Follow redirects' })
    this.deflate = dialog.getByRole('switch', { name: 'Offer permessage-deflate' })
    this.verifyCertificate = dialog.getByRole('switch', { name: 'Verify the server’s certificate' })
    this.retry = dialog.getByRole('switch', { name: 'Connect again automatically' })
    this.retryDelay = dialog.getByRole('spinbutton', { name: 'Wait before each attempt' })
  }

  /** Types into a field and leaves it, which is when it is taken over. */
  async set(field: Locator, value: string): Promise<void> {
    await field.fill(value)
    await field.press('Tab')
  }

  async toggle(control: Locator, on: boolean): Promise<void> {
    if ((await control.getAttribute('aria-checked')) !== String(on)) await control.click()
    await expect(control).toHaveAttribute('aria-checked', String(on))
  }

  /** Adds a header at the end of the list. */
  async addHeader(name: string, value: string, { secret = false } = {}): Promise<void> {
    const list = this.dialog.getByRole('list', { name: 'Request headers' })
    await this.dialog.getByRole('button', { name: 'Add header' }).click()
    const number = await this.#settledCount(list)
    await this.set(this.headerName(number), name)
    if (secret) {
      const toggle = this.dialog.getByRole('button', {
        name: `Keep the value of header ${number} secret`,
      })
      await toggle.click()
      await expect(toggle).toHaveAttribute('aria-pressed', 'true')
    }
    await this.set(this.headerValue(number), value)
  }

  headerName(number: number): Locator {
    return this.dialog.getByLabel(`Name of header ${number}`, { exact: true })
  }

  headerValue(number: number): Locator {
    return this.dialog.getByLabel(`Value of header ${number}`, { exact: true })
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close dialog' }).click()
    await expect(this.dialog).toBeHidden()
  }

  /** The number of headers once the new one, which has no name yet, is there. */
  async #settledCount(list: Locator): Promise<number> {
    const items = list.getByRole('listitem')
    await expect(items.last().getByRole('textbox').first()).toHaveValue('')
    return items.count()
  }
}

/** The dialog that asks for the code and the reason of a close frame. */
export class CloseDialog {
  readonly dialog: Locator
  readonly closeCode: Locator
  /** A code of one's own, when that was chosen. */
  readonly ownCode: Locator
  readonly reason: Locator
  readonly send: Locator

  constructor(page: Page) {
    const dialog = page.getByRole('dialog', { name: /^Disconnect/ })
    this.dialog = dialog
    this.closeCode = dialog.getByRole('combobox', { name: 'Close code' })
    this.ownCode = dialog.getByRole('spinbutton', { name: 'Code', exact: true })
    this.reason = dialog.getByRole('textbox', { name: 'Reason' })
    this.send = dialog.getByRole('button', { name: 'Send close frame' })
  }

  async chooseOwnCode(code: string): Promise<void> {
    await this.closeCode.selectOption({ label: 'Another code, 3000 to 4999' })
    await this.ownCode.fill(code)
  }
}
