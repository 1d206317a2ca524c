import { expect } from '@playwright/test'
import type { Screen } from '../pages/screen'

/** Connects without keep-alive pings, so that nothing but what a test does becomes a row. */
export async function connectQuietly(screen: Screen, url: string): Promise<void> {
  await screen.connection.newTab()
  await screen.latency.pings.selectOption({ label: 'Off' })
  await expect(screen.latency.region).toContainText('Keep-alive pings are off.')
  await screen.connection.url.fill(url)
  await screen.connection.connect()
}
