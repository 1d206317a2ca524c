import { expect, type Locator, type Page } from '@playwright/test'

export type ServerStateName = 'Stopped' | 'Starting' | 'Running' | 'Stopping'

/** The local server. */
export class ServerPage {
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

  /** The row of the client with this address, or with this number from 1. */
  client(which: string | number): Locator {
    const rows = this.clients.getByRole('row')
    return typeof which === 'number' ? rows.nth(which) : rows.filter({ hasText: which })
  }
}
