import { isDeepStrictEqual } from 'node:util'
import type { AdminEvent, SupportChatListItem } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import type { CableClient } from './cable-client.ts'
import { type Fate, HostileBus } from './hostile-bus.ts'
import { seeded } from './seeded.ts'
import type { TestDesk } from './test-desk.ts'
import { twinDesks } from './twin-desks.ts'
import { until } from './until.ts'

const CHATS = 6
const STEPS = 120
const EQUAL_MS = 5_000
const FATES: readonly Fate[] = ['deliver', 'drop', 'repeat', 'hold', 'hold']

type Row = Pick<SupportChatListItem, 'message_count' | 'unread' | 'archived'>

/** The list as an admin has it who looked once and was told the rest. */
function heard(sam: CableClient, list: string): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const event of sam.events(list) as AdminEvent[]) {
    if (event.type === 'chat_updated') {
      const { message_count, unread, archived } = event.chat
      rows.set(event.chat.id, { message_count, unread, archived })
    }
    if (event.type === 'chat_removed') rows.delete(event.chat_id)
    if (event.type !== 'new_user_message') continue
    const known = rows.get(event.chat_id)
    if ((known?.message_count ?? 0) >= event.message.seq) continue
    rows.set(event.chat_id, { archived: false, message_count: event.message.seq, unread: true })
  }
  return rows
}

async function stored(at: TestDesk): Promise<Map<string, Row>> {
  const sam = at.token('sam', { role: 'admin' })
  const pages = await Promise.all(
    [true, false].map((archived) => at.call(sam, 'GET', `/admin/chats?archived=${archived}&limit=100`)),
  )
  const all = (await Promise.all(pages.map((page) => page.json()))).flat() as SupportChatListItem[]
  return new Map(
    all.map(({ id, message_count, unread, archived }) => [id, { message_count, unread, archived }]),
  )
}

test('[P4] whatever the bus drops, repeats, turns round and holds back, the lists end equal to the database', async () => {
  const random = seeded('list convergence')
  let fate = (): Fate => FATES[random.between(0, FATES.length - 1)] ?? 'drop'
  const bus = new HostileBus(() => fate())
  await using twins = await twinDesks(() => bus.end())
  const desk = () => twins.desks[random.between(0, 1) === 0 ? 0 : 1]
  const lists = await Promise.all(
    twins.desks.map(async (at) => {
      const sam = await at.cable(at.token('sam', { role: 'admin' }))
      return { sam, list: await sam.subscribe({ channel: 'AdminNotificationChannel' }) }
    }),
  )
  const names = Array.from({ length: CHATS }, (_, index) => `user-${index}`)
  const ids = await Promise.all(names.map((name) => twins.desks[0].openChat(name)))
  const admin = twins.desks[0].token('max', { role: 'admin' })
  for (let step = 0; step < STEPS; step++) {
    const [which, at] = [random.between(0, CHATS - 1), desk()]
    const chat = `/admin/chats/${ids[which]}`
    const acts = [
      () =>
        at.call(at.token(names[which] ?? ''), 'POST', '/support_chat/messages', { content: `step ${step}` }),
      () => at.call(admin, 'POST', `${chat}/messages`, { content: `step ${step}` }),
      () => at.call(admin, 'POST', `${chat}/viewed`),
      () => at.call(admin, 'POST', `${chat}/archive`),
      () => at.call(admin, 'POST', `${chat}/unarchive`),
    ]
    const answer = await acts[random.between(0, acts.length - 1)]?.()
    expect(answer?.ok).toBe(true)
    if (random.chance(0.1)) bus.release()
  }
  await twins.desks[1].desk.erase(names[0] ?? '')
  // What was held back until now is older than all that was told since.
  fate = () => 'drop'
  bus.release()
  const isEqual = async () => {
    const rows = await stored(twins.desks[0])
    return lists.every(({ sam, list }) => isDeepStrictEqual(heard(sam, list), rows))
  }
  await until('all are equal', isEqual, EQUAL_MS).catch(() => {})
  const rows = await stored(twins.desks[0])
  for (const { sam, list } of lists) expect(heard(sam, list)).toEqual(rows)
  for (const { sam } of lists) await sam[Symbol.asyncDispose]()
})
