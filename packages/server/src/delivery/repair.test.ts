import { ADMIN_STREAM, chatStream } from '@deskbell/protocol'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { MessageLog } from '../messages/append.ts'
import { adminHistory } from '../messages/history.ts'
import { keepNotices, revocation } from '../store/notices.ts'
import { testEngine, user } from '../testing/engine.ts'
import { waited } from '../testing/waited.ts'
import { memoryBus } from './bus/memory.ts'
import { type Connection, Connections, type EndReason } from './connections.ts'
import { Hub } from './hub.ts'
import { Repair } from './repair.ts'
import { ChatSubscription, type Encoding, Subscription } from './subscription.ts'

const HOUR_MS = 3_600_000
const PLAIN: Encoding = { key: 'plain', encode: (json) => Buffer.from(json) }

/** A desk that hears nothing but from the database, where another one writes. */
async function deafDesk() {
  const engine = { ...(await testEngine()), hasOtherDesks: true }
  const { store, newId } = engine
  const hub = new Hub(memoryBus()(), engine)
  const connections = new Connections(hub, newId, () => {})
  const repair = new Repair(engine, hub, () => connections.renew())
  hub.repairedBy(repair)
  repair.start()
  const log = new MessageLog(engine, 0)
  const told: string[] = []
  const sink = {
    isOpen: true,
    write: (frame: Buffer) => void told.push(String(frame)),
    ready: async () => {},
  }
  /** Someone's connection; tells why it was ended. */
  const connect = (id: string) => {
    const ends: EndReason[] = []
    const connection: Connection = {
      caller: user(id),
      end(reason) {
        ends.push(reason)
        connections.delete(connection)
      },
    }
    connections.add(connection)
    return ends
  }
  /** Another desk signs someone out. */
  const revokeElsewhere = (id: string) => keepNotices(store.db, engine, [revocation(newId(), { id })])
  return {
    ...{ engine, repair, told, connect, revokeElsewhere },
    watchList: () => hub.subscribe(ADMIN_STREAM, new Subscription(sink, PLAIN, 'admin')),
    watchChat: (chatId: string, seq: number) => {
      const subscription = new ChatSubscription(sink, PLAIN, chatId, adminHistory(store))
      hub.subscribe(chatStream(chatId), subscription)
      subscription.start(seq)
    },
    say: async (content: string) => {
      const { id: chatId } = await open(engine, user('alice'))
      await log.append({ type: 'user', name: null }, { chatId, content, clientId: null })
      return chatId
    },
    /** Resolves when a look has found what there was. */
    looked: async () => {
      const someone = `someone at ${engine.clock.now()}`
      const ends = connect(someone)
      await revokeElsewhere(someone)
      await waited('it is found', () => {
        repair.look()
        return ends.length > 0
      })
    },
    rename: (from: string, to: string) => sql.raw(`alter table ${from} rename to ${to}`).execute(store.db),
    async [Symbol.asyncDispose]() {
      repair.stop()
      await engine[Symbol.asyncDispose]()
    },
  }
}

test('[P7] a desk that could read no notices for longer than they are kept has everyone looked up anew', async () => {
  await using at = await deafDesk()
  const alice = at.connect('alice')
  at.engine.clock.advance(600_000)
  at.repair.look()
  await waited('she is to come back', () => alice.length > 0)
  expect(alice).toEqual(['server_restart'])
  const bob = at.connect('bob')
  const carol = at.connect('carol')
  await at.revokeElsewhere('carol')
  at.repair.look()
  await waited('a later look has found what it was for', () => carol.length > 0)
  expect([alice, bob, carol]).toEqual([['server_restart'], [], ['unauthorized']])
})

test('[P7] a desk that was away for a shorter time sends away those of the notices alone', async () => {
  await using at = await deafDesk()
  const [alice, bob] = [at.connect('alice'), at.connect('bob')]
  await at.revokeElsewhere('alice')
  at.engine.clock.advance(500_000)
  at.repair.look()
  await waited('alice is sent away', () => alice.length > 0)
  expect([alice, bob]).toEqual([['unauthorized'], []])
})

test('a desk that reads the notices and nothing else for long goes on with the connections it has', async () => {
  await using at = await deafDesk()
  const bob = at.connect('bob')
  await at.rename('support_chats', 'away')
  for (let look = 1; look <= 3; look++) {
    at.engine.clock.advance(300_000)
    const one = at.connect(`carol-${look}`)
    await at.revokeElsewhere(`carol-${look}`)
    await waited('the notice is found', () => {
      at.repair.look()
      return one.length > 0
    })
    expect(one).toEqual(['unauthorized'])
  }
  expect(bob).toEqual([])
})

test('[P4] what changes is found also after the clock of the database was put back', async () => {
  await using at = await deafDesk()
  const chatId = await at.say('hello')
  at.watchList()
  at.watchChat(chatId, 1)
  at.engine.clock.advance(-HOUR_MS)
  await at.say('anyone?')
  at.engine.clock.advance(1_000)
  await waited('it is found', () => {
    at.repair.look()
    return at.told.filter((json) => json.includes('anyone?')).length >= 2
  })
  expect(at.told.filter((json) => json.startsWith('{"type":"new_message"'))).toHaveLength(1)
})

test('[P4] what another desk wrote by the new clock before this one knew of it is found', async () => {
  await using at = await deafDesk()
  at.watchList()
  at.engine.clock.advance(20_000)
  at.repair.look()
  at.engine.clock.advance(-HOUR_MS)
  await at.say('hello')
  // So long this desk went by the old clock.
  at.engine.clock.advance(15_000)
  await waited('it is found', () => {
    at.repair.look()
    return at.told.some((json) => json.includes('hello'))
  })
})

test('[P4] what another desk wrote by the old clock after this one knew of the new one is found', async () => {
  await using at = await deafDesk()
  const alice = at.connect('alice')
  at.watchList()
  await at.looked()
  at.engine.clock.advance(-HOUR_MS)
  await at.looked()
  at.engine.clock.advance(HOUR_MS + 5_000)
  await at.say('hello')
  await at.revokeElsewhere('alice')
  at.engine.clock.advance(-HOUR_MS)
  await waited('it is found', () => {
    at.repair.look()
    return at.told.some((json) => json.includes('hello')) && alice.length > 0
  })
})

test('[P7] a desk that began after the clock was put back sends nobody away for what was before', async () => {
  await using at = await deafDesk()
  at.engine.clock.advance(HOUR_MS)
  await at.revokeElsewhere('alice')
  at.engine.clock.advance(-HOUR_MS)
  const [alice, bob] = [at.connect('alice'), at.connect('bob')]
  await at.revokeElsewhere('bob')
  at.repair.look()
  await waited('a notice is found', () => bob.length > 0)
  expect(alice).toEqual([])
})
