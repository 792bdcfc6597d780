// Adds up what the test runners counted and prints the line that ends a test run.
import { readFileSync } from 'node:fs'

const [vitestFile, playwrightFile] = process.argv.slice(2)
const vitest = JSON.parse(readFileSync(vitestFile, 'utf8'))
const { stats: playwright, suites } = JSON.parse(readFileSync(playwrightFile, 'utf8'))

const passed = vitest.numPassedTests + playwright.expected + playwright.flaky
const failed =
  vitest.numFailedTests + vitest.numFailedTestSuites * (vitest.numFailedTests === 0) + playwright.unexpected
const skipped = vitest.numPendingTests + vitest.numTodoTests + playwright.skipped
for (const title of suites.flatMap(flakyIn)) console.log(`passed at the second try only: ${title}`)
// A skipped test proves nothing, so it counts against the run.
console.log(`${passed} passed, ${failed + skipped} failed`)
process.exit(passed > 0 && failed + skipped === 0 ? 0 : 1)

/** The titles of the tests that failed and then passed. */
function flakyIn({ specs, suites = [] }) {
  const own = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
  return [...own.map(({ file, title }) => `${file} › ${title}`), ...suites.flatMap(flakyIn)]
}
