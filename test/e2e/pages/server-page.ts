import { expect, type Locator, type Page } from '@playwright/test'

export type ServerStateName = 'Stopped' | 'Starting' | 'Running' | 'Stopping'

/** The local server. */
export class ServerPage {
  readonly #page: Page
  /** One for each server. */
  readonly tabs: Locator
  readonly newServer: Locator
  /** What waits for a restart, with the button for it. */
  readonly restart: Locator
  /** Opens the plan beside the traffic. */
  readonly routes: Locator
  readonly plan: Locator
  /** What can be done with the clients that are selected. */
  readonly selectedClients: Locator
  readonly bar: Locator
  readonly preset: Locator
  readonly port: Locator
  readonly allInterfaces: Locator
  readonly start: Locator
  readonly stop: Locator
  readonly state: Locator
  readonly urls: Locator
  readonly connectToIt: Locator
  readonly clients: Locator
  /** Why it did not start. */
  readonly failure: Locator

  constructor(page: Page) {
    this.#page = page
    this.tabs = page.getByRole('tablist', { name: 'Servers' }).getByRole('tab')
    this.newServer = page.getByRole('button', { name: 'New server' })
    this.restart = page.getByRole('button', { name: 'Restart', exact: true })
    this.routes = page.getByRole('button', { name: /^Routes \d+$/ })
    this.plan = page.getByRole('region', { name: 'Plan', exact: true })
    this.selectedClients = page.getByRole('group', { name: 'Selected clients' })
    this.bar = page.getByRole('region', { name: 'Local server', exact: true })
    this.preset = page.getByRole('combobox', { name: 'Preset', exact: true })
    this.port = page.getByRole('spinbutton', { name: 'Port', exact: true })
    this.allInterfaces = page.getByRole('switch', { name: 'Listen on all interfaces' })
    this.start = page.getByRole('button', { name: 'Start server', exact: true })
    this.stop = page.getByRole('button', { name: 'Stop server', exact: true })
    this.state = page.getByRole('status', { name: 'Server state', exact: true })
    this.urls = page.getByRole('list', { name: 'URLs' })
    this.connectToIt = page.getByRole('button', { name: 'Connect to it' })
    this.clients = page.getByRole('table', { name: 'Clients', exact: true })
    this.failure = this.bar.getByRole('alert')
  }

  async expectState(name: ServerStateName): Promise<void> {
    await expect(this.state).toContainText(name)
  }

  /** Starts it on a free port. @returns its first URL. */
  async startAnywhere(): Promise<string> {
    await this.port.fill('0')
    await this.start.click()
    await this.expectState('Running')
    return this.urls.getByRole('listitem').first().innerText()
  }

  /** The tab of the server with this name. */
  tab(name: string): Locator {
    return this.tabs.filter({ hasText: new RegExp(`^${name}\\s*(\\d+|any)$`) })
  }

  /** Does one of the things that the menu of the server on screen offers. */
  async choose(item: 'Rename' | 'Duplicate' | 'Start with the app' | 'Remove'): Promise<void> {
    await this.#page.getByRole('button', { name: /^More for / }).click()
    await this.#page
      .getByRole(/app$/.test(item) ? 'menuitemcheckbox' : 'menuitem', { name: item })
      .click()
  }

  async rename(name: string): Promise<void> {
    await this.choose('Rename')
    await this.#page.getByRole('textbox', { name: 'Server name' }).fill(name)
    await this.#page.keyboard.press('Enter')
    await expect(this.tab(name)).toBeVisible()
  }

  /** The row of the client with this address, or with this number from 1. */
  client(which: string | number): Locator {
    const rows = this.clients.getByRole('row')
    return typeof which === 'number' ? rows.nth(which) : rows.filter({ hasText: which })
  }
}
