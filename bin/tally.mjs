// Adds up what the test runners counted and prints the line that ends a test run.
import { readFileSync } from 'node:fs'

const [vitestFile, playwrightFile] = process.argv.slice(2)
const vitest = JSON.parse(readFileSync(vitestFile, 'utf8'))
const playwright = JSON.parse(readFileSync(playwrightFile, 'utf8')).stats

const passed = vitest.numPassedTests + playwright.expected
const failed =
  vitest.numFailedTests +
  vitest.numFailedTestSuites * (vitest.numFailedTests === 0) +
  playwright.unexpected +
  playwright.flaky
const skipped = vitest.numPendingTests + vitest.numTodoTests + playwright.skipped
// A skipped test proves nothing, so it counts against the run.
console.log(`${passed} passed, ${failed + skipped} failed`)
process.exit(passed > 0 && failed + skipped === 0 ? 0 : 1)
