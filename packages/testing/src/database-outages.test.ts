import { expect, test } from 'vitest'
import { CutLine } from './cut-line.ts'
import { deskServer, deskServerOnDisk, send, stored } from './database-desk.ts'
import { plainUser, Strangers, setReadOnly } from './database-trouble.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

/** Requests at once: more than a pool has connections. */
const CROWD = 30
/** Who gets no answer for longer believes that it is lost. */
const LONGEST_ANSWER_MS = 5_500

/** What keeps a database from working, and ends again. */
interface Outage {
  begin(): Promise<void> | void
  end(): Promise<void> | void
}

/** Alice, who repeats each attempt until it is acknowledged. */
class Alice {
  readonly #at: TestDesk
  readonly #refused = new Map<string, string>()
  readonly acknowledged: string[] = []
  #count = 0

  constructor(at: TestDesk) {
    this.#at = at
  }

  /** Sends a number of new messages at once and tells how each was answered. */
  async sends(number: number): Promise<Response[]> {
    return await this.#send(
      Array.from({ length: number }, () => [`a-${++this.#count}`, content(this.#count)]),
    )
  }

  async sendsAgain(): Promise<Response[]> {
    return await this.#send([...this.#refused])
  }

  async #send(attempts: [clientId: string, content: string][]): Promise<Response[]> {
    return await Promise.all(
      attempts.map(async ([clientId, text]) => {
        const startedAt = performance.now()
        const answer = await send(this.#at, text, clientId)
        expect(performance.now() - startedAt).toBeLessThan(LONGEST_ANSWER_MS)
        if (answer.ok) {
          this.#refused.delete(clientId)
          this.acknowledged.push(text)
        } else {
          this.#refused.set(clientId, text)
          expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([503, true])
        }
        return answer
      }),
    )
  }
}

/** Long enough that a disk fills, and of no pattern that would be pressed together. */
function content(n: number): string {
  return `${n} ${Array.from({ length: 400 }, () => Math.random().toString(36).slice(2)).join(' ')}`
}

/** Through an outage, nothing that was acknowledged is lost, nothing is stored twice, and nobody waits long. */
async function outlive(at: TestDesk, outage: Outage): Promise<void> {
  await at.openChat('alice')
  const alice = new Alice(at)
  await alice.sends(3)
  const under = alice.sends(CROWD)
  await outage.begin()
  await under
  await until('messages are refused', async () => (await alice.sends(1)).some(({ ok }) => !ok), 30_000)
  expect((await alice.sends(CROWD)).filter(({ ok }) => ok)).toEqual([])
  const known = alice.acknowledged.length
  await outage.end()
  await until('messages are taken in', async () => (await alice.sends(1)).every(({ ok }) => ok), 10_000)
  expect((await alice.sendsAgain()).filter(({ ok }) => !ok)).toEqual([])
  const messages = await stored(at)
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
  expect(messages.map((message) => message.content).toSorted()).toEqual(alice.acknowledged.toSorted())
  expect(known).toBeGreaterThan(2)
}

test('[P1] [P3] a database that only reads takes nothing in, shows what it has, and writes again afterwards', async () => {
  await using database = await deskServer()
  await using at = await testDesk({ databaseUrl: await plainUser(database) })
  await outlive(at, {
    begin: () => setReadOnly(database, true),
    async end() {
      expect((await at.call(at.token('alice'), 'GET', '/support_chat')).status).toBe(200)
      await setReadOnly(database, false)
    },
  })
})

test('[P1] [P3] a full disk refuses what is sent, and takes it in once there is room', async () => {
  await using database = await deskServerOnDisk()
  await using at = await testDesk({ databaseUrl: database.url('desk') })
  await outlive(at, { begin: () => database.disk.fill(), end: () => database.disk.empty() })
})

test('[P1] [P3] a server that lets nobody in any more is told of within 5 s, and found again', async () => {
  await using database = await deskServer()
  await using at = await testDesk({ databaseUrl: await plainUser(database) })
  await using strangers = new Strangers(database)
  await outlive(at, {
    begin: () => strangers.takeAll(),
    end: () => strangers.leave(),
  })
})

test('a desk goes on with the connections it has where it gets no more', async () => {
  await using database = await deskServer()
  await using at = await testDesk({ databaseUrl: await plainUser(database) })
  await using strangers = new Strangers(database)
  await at.openChat('alice')
  await strangers.takeFree()
  const answers = await Promise.all(
    Array.from({ length: CROWD }, (_, n) =>
      n % 2 === 0 ? send(at, `${n}`, null) : at.call(at.token('alice'), 'GET', '/support_chat'),
    ),
  )
  expect(answers.filter(({ ok }) => !ok)).toEqual([])
})

test('[P1] [P3] a server that stalls is told of within 5 s, and nothing is stored twice when it goes on', async () => {
  await using database = await deskServer()
  await using at = await testDesk({ databaseUrl: database.url('desk') })
  await outlive(at, { begin: () => database.stall(), end: () => database.resume() })
})

test('[P3] a COMMIT without an answer is told of within 5 s, and the retry finds its message', async () => {
  await using database = await deskServer()
  const address = new URL(database.url('desk'))
  await using line = await CutLine.to(Number(address.port))
  address.port = String(line.port)
  await using at = await testDesk({ databaseUrl: address.href })
  await at.openChat('alice')
  line.loseCommit('silent')
  const startedAt = performance.now()
  expect((await send(at, 'hello', 'a-1')).status).toBe(503)
  expect(performance.now() - startedAt).toBeLessThan(LONGEST_ANSWER_MS)
  expect((await send(at, 'hello', 'a-1')).status).toBe(200)
  expect((await stored(at)).map(({ content }) => content)).toEqual(['hello'])
})

test('[P1] [P3] a desk that vanishes inside a transaction keeps nobody from writing for longer than a moment', async () => {
  await using database = await deskServer()
  const address = new URL(database.url('desk'))
  await using line = await CutLine.to(Number(address.port))
  address.port = String(line.port)
  await using lost = await testDesk({ databaseUrl: address.href })
  await using other = await testDesk({ databaseUrl: database.url('desk') })
  await lost.openChat('alice')
  line.vanishBeforeCommit()
  const unheard = send(lost, 'unheard', 'a-1')
  await until('its transaction has begun', () => !line.isLosing)
  await until(
    'another desk takes in what she writes',
    async () => (await send(other, 'hello', 'a-2')).ok,
    8_000,
  )
  expect((await unheard).status).toBe(503)
  expect((await send(lost, 'unheard', 'a-1')).status).toBe(201)
  expect((await stored(other)).map(({ content }) => content)).toEqual(['hello', 'unheard'])
})
