import { expect, test } from 'vitest'
import { OneAtATime } from './one-at-a-time.ts'

test('[P8] a flood of requests costs two runs, and the furthest one counts', async () => {
  const ran: number[] = []
  const marks = new OneAtATime(async (seq) => void ran.push(seq), Math.max)
  await Promise.all(Array.from({ length: 10_000 }, (_, seq) => marks.ask(seq)))
  expect(ran).toEqual([0, 9_999])
})
