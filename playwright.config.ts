import { defineConfig } from '@playwright/test'
import { BROWSER } from './e2e/browsers.ts'

export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  // A machine that stalls is not a fault of the desk. What needed the second try is named at the end of the run.
  retries: 1,
  outputDir: 'test-results',
  use: {
    actionTimeout: 30_000,
    browserName: 'chromium',
    locale: 'en-US',
    // Recording costs a quarter of the time: `TRACE=1 npx playwright test` shows what went wrong.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: BROWSER,
  },
})
