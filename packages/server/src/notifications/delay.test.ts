import { expect, test } from 'vitest'
import { read } from '../messages/read.ts'
import { openStore } from '../store/store.ts'
import { type MailRoom, mailRoom, PERIOD_MS } from '../testing/mail-room.ts'
import { leaseDue } from './outbox.ts'

const shownIn = (at: MailRoom) => at.server.taken.map(({ mail }) => mail.text ?? '')

test('[P6] a reply that is read in the last millisecond is not e-mailed, and one that is not is', async () => {
  await using at = await mailRoom()
  await at.reply('Yes, it is.')
  at.engine.clock.advance(PERIOD_MS - 1)
  await at.round()
  expect(await at.outcome()).toEqual(['pending'])
  await read(at.engine, at.chatId)
  at.engine.clock.advance(1)
  await at.round()
  expect(await at.outcome()).toEqual(['skipped: read'])
  await at.reply('And in blue.')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect(await at.outcome()).toEqual(['skipped: read', 'sent'])
  expect(at.server.taken).toHaveLength(1)
})

test('five unread replies make one e-mail', async () => {
  await using at = await mailRoom()
  for (let reply = 1; reply <= 5; reply++) {
    await at.reply(`reply ${reply}`)
    at.engine.clock.advance(PERIOD_MS / 5)
  }
  await at.round()
  await at.round()
  expect(at.server.taken).toHaveLength(1)
  expect(shownIn(at)[0]).toContain('5 new replies')
  expect(await at.decisions()).toMatchObject([{ state: 'sent', from_seq: 2, through_seq: 6 }])
})

test('admins hear that an e-mail waits, of which replies, and what became of it', async () => {
  await using at = await mailRoom()
  const heard = () =>
    at.engine.events.splice(0).flatMap(({ event }) => {
      if (event.type !== 'notification_changed') return []
      const { state, from_seq, through_seq } = event.notification
      return [`${state} ${from_seq}–${through_seq}`]
    })
  await at.reply('one')
  await at.reply('two')
  expect(heard()).toEqual(['pending 2–2'])
  let late: Promise<number> | undefined
  at.server.onStep = (step) => {
    if (step === 'taken') late ??= at.reply('three')
  }
  at.server.mode = 'slow'
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect(await late).toBe(4)
  expect(heard()).toEqual(['sent 2–3', 'pending 4–4'])
})

test('a reply after the e-mail begins a second period', async () => {
  await using at = await mailRoom()
  await at.reply('one')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  await at.reply('two')
  at.engine.clock.advance(PERIOD_MS - 1)
  await at.round()
  expect(at.server.taken).toHaveLength(1)
  at.engine.clock.advance(1)
  await at.round()
  expect(await at.decisions()).toMatchObject([
    { state: 'sent', from_seq: 2, through_seq: 2 },
    { state: 'sent', from_seq: 3, through_seq: 3 },
  ])
})

test('[P6] a reply that comes while the e-mail is on its way gets its own', async () => {
  await using at = await mailRoom()
  let late: Promise<number> | undefined
  at.server.onStep = (step) => {
    if (step === 'taken') late ??= at.reply('two')
  }
  at.server.mode = 'slow'
  await at.reply('one')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect(await late).toBe(3)
  expect(shownIn(at)[0]).not.toContain('two')
  expect(await at.outcome()).toEqual(['sent', 'pending'])
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect(await at.outcome()).toEqual(['sent', 'sent'])
  expect(shownIn(at)[1]).toContain('two')
})

test('a reply joins the earlier ones, but waits its own time once these are read', async () => {
  await using at = await mailRoom()
  await at.reply('one')
  await read(at.engine, at.chatId)
  at.engine.clock.advance(PERIOD_MS - 10_000)
  await at.reply('two')
  at.engine.clock.advance(10_000)
  await at.round()
  expect(await at.decisions()).toMatchObject([
    { state: 'skipped', reason: 'read', from_seq: 2, through_seq: 2 },
    { state: 'pending', from_seq: 3 },
  ])
  at.engine.clock.advance(PERIOD_MS - 10_001)
  await at.round()
  expect(at.server.taken).toHaveLength(0)
  at.engine.clock.advance(1)
  await at.round()
  expect(await at.outcome()).toEqual(['skipped: read', 'sent'])
})

/** What a reply may be waiting for when the clock jumps or the desk is started anew. */
const WAITS: Record<string, (at: MailRoom) => Promise<void>> = {
  'in the delay': async (at) => at.engine.clock.advance(PERIOD_MS / 2),
  'put off as its user looks': async (at) => {
    at.looks.set(at.chatId, at, true)
    at.engine.clock.advance(PERIOD_MS)
    await at.round()
    at.looks.set(at.chatId, at, false)
  },
  'before a retry': async (at) => {
    at.server.mode = '450'
    at.engine.clock.advance(PERIOD_MS)
    await at.round()
    at.server.mode = 'normal'
  },
  'with a mail half sent by a desk that died': async (at) => {
    at.engine.clock.advance(PERIOD_MS)
    await leaseDue(at.engine, 1, 120_000)
  },
}
const HOUR_MS = 3_600_000
const jumps = Object.keys(WAITS).flatMap((wait) => [-HOUR_MS, HOUR_MS].map((jump) => [wait, jump] as const))

test.each(jumps)(
  '[P6] %s, a clock that jumps by %d ms costs no e-mail and sends none twice',
  async (wait, jump) => {
    await using at = await mailRoom()
    await at.reply('one')
    await WAITS[wait]?.(at)
    at.engine.clock.advance(jump)
    await at.round()
    await at.reply('two')
    for (let minute = 0; minute < 12; minute++) {
      at.engine.clock.advance(60_000)
      await at.round()
    }
    // Told within two periods, by whatever clock.
    const sent = (await at.decisions()).filter(({ state }) => state === 'sent')
    const seqs = sent.flatMap(({ from_seq, through_seq }) => [...new Set([from_seq, through_seq])])
    expect(seqs).toEqual([2, 3])
    const ids = at.server.taken.map(({ mail }) => mail.messageId)
    expect(new Set(ids).size).toBe(ids.length)
  },
)

test.each(Object.keys(WAITS))('[P6] %s, a restart loses no e-mail and sends none twice', async (wait) => {
  await using at = await mailRoom()
  await at.reply('one')
  await WAITS[wait]?.(at)
  const store = openStore(at.engine.url)
  const desk = at.otherDesk(store)
  await desk.round()
  expect(at.server.taken, 'before its time, or while the lease of another holds').toHaveLength(0)
  at.engine.clock.advance(PERIOD_MS)
  await desk.round()
  await store.close()
  expect(await at.outcome()).toEqual(['sent'])
  expect(at.server.taken).toHaveLength(1)
})

test('of two desks that look at the same moment, one sends', async () => {
  await using at = await mailRoom()
  const other = at.otherDesk(at.engine.store)
  at.server.mode = 'slow'
  for (let reply = 1; reply <= 10; reply++) {
    await at.reply(`reply ${reply}`)
    at.engine.clock.advance(PERIOD_MS * 3)
    await Promise.all([at.round(), other.round(), at.round()])
  }
  expect(at.server.taken).toHaveLength(10)
  expect(await at.outcome()).toEqual(Array.from({ length: 10 }, () => 'sent'))
})

test('a desk that took too long marks nothing as its own', async () => {
  await using at = await mailRoom()
  const other = at.otherDesk(at.engine.store)
  let rival: Promise<void> | undefined
  at.server.onStep = (step) => {
    if (step !== 'taken' || rival !== undefined) return
    at.engine.clock.advance(121_000)
    rival = other.round()
  }
  at.server.mode = 'slow'
  await at.reply('one')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  await rival
  expect(at.server.taken, 'the same mail twice, by its very id').toHaveLength(2)
  const ids = at.server.taken.map(({ mail }) => mail.messageId)
  expect(ids[0]).toBe(ids[1])
  expect(await at.outcome()).toEqual(['sent'])
})
