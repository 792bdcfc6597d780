import { expect, test } from 'vitest'
import { archive } from '../chats/archive.ts'
import { erase } from '../chats/erase.ts'
import { read } from '../messages/read.ts'
import { type MailRoom, mailRoom, PERIOD_MS } from '../testing/mail-room.ts'
import { MODES, type Mode } from '../testing/mail-server.ts'
import { HOUR_MS, MAILS_PER_HOUR } from './judge.ts'
import { unsubscribe } from './unsubscribe.ts'

/** Everything that may keep a mail from being sent, and what is then recorded. */
const GUARDS: Record<string, { prepare: (at: MailRoom) => Promise<unknown>; recorded: string[] }> = {
  read: { prepare: (at) => read(at.engine, at.chatId), recorded: ['skipped: read'] },
  archived: { prepare: (at) => archive(at.engine, at.chatId), recorded: ['skipped: archived'] },
  unsubscribed: {
    prepare: async (at) => unsubscribe(at.engine, await userOf(at)),
    recorded: ['skipped: unsubscribed'],
  },
  'without an address': {
    prepare: (at) => at.engine.store.db.updateTable('support_users').set({ email: null }).execute(),
    recorded: ['skipped: no_address'],
  },
  erased: { prepare: (at) => erase(at.engine, 'alice'), recorded: [] },
  'looked at right now': {
    prepare: async (at) => at.looks.set(at.chatId, at, true),
    recorded: ['pending: looking'],
  },
}

/** What becomes of a mail that nothing keeps from being sent. */
const OUTCOMES: Record<Mode, { recorded: string; said: RegExp | null; taken: number }> = {
  normal: { recorded: 'sent', said: null, taken: 1 },
  slow: { recorded: 'sent', said: null, taken: 1 },
  '421': { recorded: 'pending: retrying', said: /421 .*Too busy/, taken: 0 },
  '450': { recorded: 'pending: retrying', said: /450 .*Greylisted/, taken: 0 },
  '550': { recorded: 'failed: refused', said: /550 .*No such user/, taken: 0 },
  'drops after the final 250': { recorded: 'sent', said: null, taken: 1 },
  'drops before the final 250': { recorded: 'pending: retrying', said: /Connection closed/i, taken: 1 },
  'refuses TLS': { recorded: 'pending: retrying', said: /STARTTLS|TLS/, taken: 0 },
  'refuses auth': { recorded: 'pending: retrying', said: /535 .*credentials/, taken: 0 },
}

async function userOf(at: MailRoom): Promise<string> {
  const { user_id } = await at.engine.store.db
    .selectFrom('support_chats')
    .select('user_id')
    .where('id', '=', at.chatId)
    .executeTakeFirstOrThrow()
  return user_id
}

test.each(MODES)('[P6] what a mail server that is “%s” makes of a mail is recorded', async (mode) => {
  await using at = await mailRoom()
  at.server.mode = mode
  await at.reply('Yes, it is.')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  const { recorded, said, taken } = OUTCOMES[mode]
  expect(await at.outcome()).toEqual([recorded])
  const [decision] = await at.decisions()
  if (said === null) expect(decision?.detail).toBeNull()
  else expect(decision?.detail).toMatch(said)
  expect(at.server.taken).toHaveLength(taken)
  expect(at.engine.events.at(-1)).toEqual({
    stream: 'admin_support_notifications',
    event: { type: 'notification_changed', chat_id: at.chatId, notification: decision },
  })
})

const cases = MODES.flatMap((mode) => Object.keys(GUARDS).map((guard) => [guard, mode] as const))

test.each(cases)(
  '[P6] nothing is sent to who is %s, with a mail server that is “%s”',
  async (guard, mode) => {
    await using at = await mailRoom()
    const { prepare, recorded } = GUARDS[guard] ?? { prepare: async () => {}, recorded: [] }
    at.server.mode = mode
    const steps: string[] = []
    at.server.onStep = (step) => steps.push(step)
    await at.reply('Yes, it is.')
    await prepare(at)
    at.engine.clock.advance(PERIOD_MS)
    await at.round()
    expect(await at.outcome()).toEqual(recorded)
    expect(steps, 'the mail server is not even called').toEqual([])
  },
)

const temporary = cases.filter(([, mode]) => OUTCOMES[mode].recorded === 'pending: retrying')

test.each(temporary)('[P6] who is %s before a retry is left alone, after “%s”', async (guard, mode) => {
  await using at = await mailRoom()
  const { prepare, recorded } = GUARDS[guard] ?? { prepare: async () => {}, recorded: [] }
  at.server.mode = mode
  await at.reply('Yes, it is.')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  const { taken } = OUTCOMES[mode]
  await prepare(at)
  at.server.mode = 'normal'
  at.engine.clock.advance(30_000)
  await at.round()
  expect(await at.outcome()).toEqual(recorded)
  expect(at.server.taken).toHaveLength(taken)
})

test('who looks without reading is e-mailed one period later, and only once put off', async () => {
  await using at = await mailRoom()
  at.looks.set(at.chatId, at, true)
  await at.reply('Yes, it is.')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  at.engine.clock.advance(PERIOD_MS - 1)
  await at.round()
  expect(await at.outcome()).toEqual(['pending: looking'])
  at.engine.clock.advance(1)
  await at.round()
  expect(await at.outcome()).toEqual(['sent'])
})

test('[P6] an outage is outlasted: retries grow to an hour, and after a day it is given up for all to see', async () => {
  await using at = await mailRoom()
  at.server.mode = '421'
  await at.reply('Yes, it is.')
  at.engine.clock.advance(PERIOD_MS)
  const waits: number[] = []
  while (waits.length < 100) {
    await at.round()
    const [decision] = await at.decisions()
    if (decision?.state !== 'pending') break
    const wait = Date.parse(decision.at) - at.engine.clock.now()
    waits.push(wait)
    at.engine.clock.advance(wait - 1)
    await at.round()
    expect((await at.decisions())[0]?.at, 'not a millisecond earlier').toBe(decision.at)
    at.engine.clock.advance(1)
  }
  expect(await at.outcome()).toEqual(['failed: gave_up'])
  expect(waits[0]).toBeLessThanOrEqual(30_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(HOUR_MS)
  expect(Math.max(...waits)).toBeGreaterThan(HOUR_MS / 2)
  const total = waits.reduce((sum, wait) => sum + wait, 0)
  expect(total).toBeGreaterThan(10 * HOUR_MS)
  expect(total).toBeLessThan(25 * HOUR_MS)
})

test('an address that refuses for good is not tried again, until it is allowed or its user is erased', async () => {
  await using at = await mailRoom()
  at.server.mode = '550'
  await at.reply('one')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  at.server.mode = 'normal'
  await at.reply('two')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect(await at.outcome()).toEqual(['failed: refused', 'skipped: suppressed'])
  await erase(at.engine, 'alice')
  const { db } = at.engine.store
  expect(await db.selectFrom('support_mail_suppressions').selectAll().execute()).toEqual([])
  expect(await db.selectFrom('support_notifications').selectAll().execute()).toEqual([])
})

test('an address gets so many mails in an hour, and the rest later', async () => {
  await using at = await mailRoom()
  for (let mail = 1; mail <= MAILS_PER_HOUR; mail++) {
    await at.reply(`reply ${mail}`)
    at.engine.clock.advance(PERIOD_MS)
    await at.round()
  }
  expect(at.server.taken).toHaveLength(MAILS_PER_HOUR)
  await at.reply('one too many')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect((await at.outcome()).at(-1)).toBe('pending: limited')
  at.engine.clock.advance(HOUR_MS - MAILS_PER_HOUR * PERIOD_MS)
  await at.round()
  expect((await at.outcome()).at(-1)).toBe('sent')
  expect(at.server.taken).toHaveLength(MAILS_PER_HOUR + 1)
})
