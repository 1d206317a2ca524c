import { defineConfig } from '@playwright/test'

/** Figures from a real page; run by `npm run bench`, never by `npm test`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  tsconfig: '../../../tsconfig.test.json',
  outputDir: '../../../test-results/bench',
  workers: 1,
  retries: 0,
  timeout: 600_000,
  reporter: [['line']],
})
