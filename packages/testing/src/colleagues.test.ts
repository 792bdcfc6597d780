import { expect, test } from 'vitest'
import { workTogether } from './colleagues.ts'

// `bin/bench --only colleagues` has two hundred users, for five minutes.
const USERS = 80
const SECONDS = 6

test('[P4] while ten admins and eighty users work together, every admin’s list ends equal to the database', async () => {
  const count = await workTogether({ admins: 10, users: USERS, seconds: SECONDS })
  const { rows, rightAfterMs, messages, answers, changes, undone, erased, cuts, wrong } = count
  process.stdout.write(
    `  ${messages} messages, ${answers} answers, ${changes} chats put aside or brought back, ${undone} of them undone, ${erased} users erased, ${cuts} lost connections: ${rows} rows right after ${Math.round(rightAfterMs)} ms\n`,
  )
  expect(wrong).toEqual([])
  expect(rows).toBeGreaterThan(10 * 50)
  for (const deeds of [messages, answers, changes, undone, cuts]) expect(deeds).toBeGreaterThan(0)
}, 120_000)
