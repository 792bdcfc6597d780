import { expect, test } from 'vitest'
import { waited } from '../../testing/waited.ts'
import type { Parcel } from './line.ts'
import { Outgoing } from './outgoing.ts'

/** A bus that carries each batch only when it is told to. */
function slowBus() {
  const underWay: { batch: readonly Parcel[]; arrive: () => void; fail: () => void }[] = []
  let dropped = 0
  const outgoing = new Outgoing(
    (batch) =>
      new Promise<void>((resolve, reject) => {
        underWay.push({ batch, arrive: resolve, fail: () => reject(new Error('the bus is away')) })
      }),
    (count) => {
      dropped += count
    },
  )
  return { outgoing, underWay, dropped: () => dropped }
}

const parcel = (length: number): Parcel => ({ channel: 'chat', text: 'x'.repeat(length) })

test('what is under way takes no room from what waits behind it', async () => {
  const { outgoing, underWay, dropped } = slowBus()
  for (let count = 0; count < 8; count++) outgoing.push(parcel(1024 * 1024))
  await waited('they are under way', () => underWay.length === 1)
  for (let count = 0; count < 100; count++) outgoing.push(parcel(1024))
  underWay[0]?.arrive()
  await waited('the rest is under way', () => underWay.length === 2)
  expect(underWay.map(({ batch }) => batch.length)).toEqual([8, 100])
  expect(dropped()).toBe(0)
})

test('of what waits for a bus that is away the oldest is given up first, and all that was is counted', async () => {
  const { outgoing, underWay, dropped } = slowBus()
  for (let count = 0; count < 8; count++) outgoing.push(parcel(1024 * 1024))
  await waited('they are under way', () => underWay.length === 1)
  underWay[0]?.fail()
  await waited('they are tried again', () => underWay.length === 2)
  underWay[1]?.fail()
  for (let count = 0; count < 9; count++) outgoing.push(parcel(1024 * 1024 + count))
  await waited('what is left is tried', () => underWay.length === 3)
  const left = underWay[2]?.batch ?? []
  expect(left.at(-1)?.text.length).toBe(1024 * 1024 + 8)
  expect(left.length + dropped()).toBe(17)
  expect(left.length).toBeLessThanOrEqual(8)
  for (let turn = 0; turn < 3; turn++) underWay[2 + turn]?.arrive()
})
