import type { Locator, Page } from '@playwright/test'

export type LatencyFigure =
  'last' | 'min' | 'median' | 'p95' | 'max' | 'jitter' | 'lost' | 'skipped'

/** The round-trip times of the connection on screen. */
export class Latency {
  readonly region: Locator
  readonly pings: Locator

  constructor(page: Page) {
    this.region = page.getByRole('region', { name: 'Latency', exact: true })
    this.pings = this.region.getByRole('combobox', { name: 'Keep-alive pings' })
  }

  /** The text beside a word such as `median`; a dash as long as there is none. */
  figure(name: LatencyFigure): Locator {
    return this.region
      .getByRole('term')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .locator('..')
      .getByRole('definition')
  }
}
