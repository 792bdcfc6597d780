import { expect, test } from 'vitest'
import { killTwoDesks } from '../testing/mail-desks.ts'
import { killAtEveryStep } from '../testing/mail-kills.ts'
import { IN_THE_WINDOW } from '../testing/mail-steps.ts'

// `bin/bench --only mail-kills,mail-desks` does it for longer.
const ROUNDS = 1
const SECONDS = 5

test(`[P6] kill -9 at every step of a worker loses no e-mail and repeats only what was taken and not yet noted`, async () => {
  for (const { step, kills, mails, repeated, lost } of await killAtEveryStep(ROUNDS)) {
    const again = IN_THE_WINDOW.has(step) ? kills : 0
    expect({ step, kills, mails, repeated, lost }).toEqual({
      ...{ step, kills: ROUNDS, mails: ROUNDS + again, repeated: again, lost: 0 },
    })
  }
}, 120_000)

test('[P6] two desks on one database that are killed again and again lose no e-mail and repeat only what was taken and not yet noted', async () => {
  const { kills, replies, mails, read, inTheWindow, repeated, unexplained, lost } = await killTwoDesks(
    SECONDS,
    Math.random,
  )
  process.stdout.write(
    `  ${kills} kills, ${replies} replies, ${read} of them read in time: ${mails} mails, ${repeated} repeated; ${inTheWindow} times a mail was taken and not yet noted\n`,
  )
  expect({ lost, unexplained }).toEqual({ lost: 0, unexplained: 0 })
  expect(kills).toBeGreaterThan(0)
  expect(repeated).toBeLessThanOrEqual(inTheWindow)
}, 120_000)
