import { defineConfig } from '@playwright/test'
import type { HostOptions } from './test/e2e/fixtures/app'

/** The tag of journeys that say nothing about the host, which run once. */
const webOnly = /@web/

/** The same journeys on every host; two files at a time, because each has an app and a Chromium. */
export default defineConfig<HostOptions>({
  testDir: 'test/e2e',
  tsconfig: './tsconfig.test.json',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: { actionTimeout: 10_000, navigationTimeout: 15_000 },
  projects: [
    { name: 'web', use: { host: 'web' } },
    { name: 'stand-in', use: { host: 'stand-in' }, grepInvert: webOnly },
    { name: 'electron', use: { host: 'electron' }, grepInvert: webOnly },
  ],
})
