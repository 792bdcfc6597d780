import { MemoryBrowser, MemoryClient } from '@deskbell/client/testing'
import { expect, test } from 'vitest'

test('a desk in memory takes messages, answers, and goes away when it is told to', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.chat.send('Where is my parcel?')
  expect(alice.sees()).toEqual(['Where is my parcel? (sending)'])
  await alice.desk.flush()
  alice.desk.reply('On its way')
  await alice.live(1_000)
  expect(alice.sees()).toEqual(['Where is my parcel?', 'On its way'])
  alice.desk.isUp = false
  alice.desk.cut()
  await alice.live(1_000)
  expect(alice.chat.getSnapshot().status).toBe('offline')
})

test('the tabs of a browser in memory share what is unsent', async () => {
  using browser = new MemoryBrowser()
  const [one, two] = [browser.open(), browser.open()]
  await browser.live(500)
  one.chat.send('Hello')
  await browser.clock.advance(100)
  expect(two.sees()).toEqual(['Hello (sending)'])
})
