import {
  type Connection,
  type Conversation,
  createAdminChat,
  createConnection,
  createSupportChat,
} from '@deskbell/client'
import type { SupportMessage } from '@deskbell/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { databaseName } from '../../server/src/testing/databases.ts'
import type { CableClient } from './cable-client.ts'
import { type Fate, HostileBus } from './hostile-bus.ts'
import { LossyNetwork } from './lossy-network.ts'
import { printedSeed } from './seeded.ts'
import { ServerLog, StoredLog } from './stored-log.ts'
import type { TestDesk } from './test-desk.ts'
import { type TwinDesks, twinDesks } from './twin-desks.ts'
import { until } from './until.ts'

/** On a server each takes longer, and what is different there shows in a few. */
const RUNS = databaseName() === 'sqlite' ? 30 : 5

// Two tabs of the user on different desks, and an admin on the second one.
const PEOPLE = 3
type Step =
  | { kind: 'send' | 'cut' | 'down' | 'deaf' | 'restore'; who: number }
  /** The same client_id may come again, from anywhere. */
  | { kind: 'post' | 'perform'; desk: number; attempt: number }
  | { kind: 'release' | 'settle' | 'resync' | 'follow again' | 'read' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), who: fc.nat(PEOPLE - 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'down' as const, 'deaf' as const, 'restore' as const),
      who: fc.nat(PEOPLE - 1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('post' as const, 'perform' as const),
      desk: fc.nat(1),
      attempt: fc.nat(5),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'release' as const,
        'settle' as const,
        'settle' as const,
        'resync' as const,
        'follow again' as const,
        'read' as const,
      ),
    }),
  },
)
const fate = fc.constantFrom<Fate>('deliver', 'deliver', 'drop', 'repeat', 'hold')

// After the last step everyone resyncs, or there is one more message, or nothing at all: then the desks find by themselves
// what the bus has lost.
const ending = fc.constantFrom('resync' as const, 'message' as const, 'silence' as const)

test('[P2] [P3] [P4] whatever the network and the bus do, everyone ends equal to the database within 5 s', async () => {
  let next = () => 'deliver' as Fate
  const bus = new HostileBus(() => next())
  await using twins = await twinDesks(() => bus.end())
  using log = databaseName() === 'sqlite' ? new StoredLog(twins.file) : new ServerLog(twins.databaseUrl)
  let run = 0
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 35 }),
    fc.array(fate, { minLength: 1, maxLength: 12 }),
    ending,
    async (steps, fates, end) => {
      let count = 0
      next = () => fates[count++ % fates.length] ?? 'deliver'
      await using play = await Play.begin(twins, bus, log, `alice-${++run}`)
      for (const each of steps) await play.take(each)
      next = () => 'deliver'
      bus.release()
      await play.heal(end)
      await play.expectEqual()
    },
  )
  await fc.assert(property, { numRuns: RUNS, seed: printedSeed('convergence'), endOnFailure: true })
  await log.expectConsistent()
}, 120_000)

/** The people and clients around one chat. */
class Play implements AsyncDisposable {
  readonly #chatId: string
  readonly #sub: string
  readonly #desks: readonly [TestDesk, TestDesk]
  readonly #bus: HostileBus
  readonly #log: StoredLog | ServerLog
  readonly #networks = Array.from({ length: PEOPLE }, () => new LossyNetwork())
  readonly #conversations: readonly Conversation[]
  readonly #connection: Connection
  readonly #followers: readonly Follower[]
  /** Contents that were taken in, or will be once there is a network. */
  readonly #wanted = new Set<string>()
  /** Contents that may have been lost with a socket before they arrived. */
  readonly #tried = new Set<string>()

  static async begin(
    twins: TwinDesks,
    bus: HostileBus,
    log: StoredLog | ServerLog,
    sub: string,
  ): Promise<Play> {
    const chatId = await twins.desks[0].openChat(sub)
    const play = new Play(twins.desks, bus, log, sub, chatId)
    await Promise.all(play.#conversations.map((conversation) => conversation.open()))
    await Promise.all(play.#followers.map((follower) => follower.follow()))
    return play
  }

  constructor(
    desks: TwinDesks['desks'],
    bus: HostileBus,
    log: StoredLog | ServerLog,
    sub: string,
    chatId: string,
  ) {
    this.#desks = desks
    this.#bus = bus
    this.#log = log
    this.#sub = sub
    this.#chatId = chatId
    const [one, other] = desks
    const network = (who: number) => {
      const { fetch, WebSocket, signals } = this.#networks[who] ?? new LossyNetwork()
      return { fetch, WebSocket, signals, random: () => 0 }
    }
    const own = (who: number, { url, token }: TestDesk) =>
      createSupportChat({
        ...network(who),
        ...{ baseUrl: `${url}/api`, cableUrl: `${url.replace('http', 'ws')}/cable` },
        ...{ token: token(sub), isKnown: true },
      })
    const sam = other.token('sam', { role: 'admin' })
    this.#connection = createConnection({
      ...network(2),
      url: `${other.url.replace('http', 'ws')}/cable`,
      token: sam,
    })
    const admin = { baseUrl: `${other.url}/api`, connection: this.#connection, chatId, token: sam }
    this.#conversations = [own(0, one), own(1, other), createAdminChat({ ...network(2), ...admin })]
    this.#followers = [new Follower(one, sub, chatId, true), new Follower(other, sub, chatId, false)]
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'send':
        return this.#send(step.who)
      case 'cut':
        return this.#networks[step.who]?.cut()
      case 'down':
        return this.#goDown(step.who)
      case 'deaf':
        return this.#goDeaf(step.who)
      case 'restore':
        return this.#networks[step.who]?.restore()
      case 'post':
        return await this.#post(step.desk, step.attempt)
      case 'perform':
        return this.#perform(step.desk, step.attempt)
      case 'release':
        return this.#bus.release()
      case 'settle':
        return await settle()
      case 'resync':
        return this.#followers[0]?.sync()
      case 'follow again':
        await Promise.all(this.#followers.map((follower) => follower.follow()))
        return
      case 'read':
        return this.#conversations[0]?.markRead()
    }
  }

  /** Everything is back; whoever is not repaired by a resync gets one more message to notice a gap by. */
  async heal(end: 'resync' | 'message' | 'silence'): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.arrived()))
    await settle()
    for (const network of this.#networks) {
      if (end === 'resync') network.cut()
      network.restore()
    }
    if (end === 'resync') this.#followers[0]?.sync()
    if (end === 'message') for (const desk of [0, 1]) await this.#post(desk, 100 + desk)
    await until('everyone equals the database', () => this.#isEqual(), 5_000).catch(() => {})
  }

  async expectEqual(): Promise<void> {
    const stored = await this.#stored()
    for (const view of this.#views()) expect(view).toEqual(stored)
    const contents = stored.map(({ content }) => content)
    expect(contents.length).toBe(new Set(contents).size)
    expect(contents).toEqual(expect.arrayContaining([...this.#wanted]))
    expect(contents.filter((content) => !this.#wanted.has(content) && !this.#tried.has(content))).toEqual([])
    for (const follower of this.#followers) follower.expectOrder()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const conversation of this.#conversations) conversation.close()
    this.#connection.close()
    for (const follower of this.#followers) await follower.leave()
  }

  #send(who: number): void {
    const content = `${who} says ${this.#wanted.size}`
    this.#wanted.add(content)
    this.#conversations[who]?.send(content)
  }

  #goDown(who: number): void {
    const network = this.#networks[who]
    if (network === undefined) return
    network.isUp = false
    network.cut()
  }

  #goDeaf(who: number): void {
    const network = this.#networks[who]
    if (network !== undefined) network.isDeaf = true
  }

  async #post(desk: number, attempt: number): Promise<void> {
    const content = `attempt ${attempt}`
    this.#wanted.add(content)
    const at = this.#desks[desk === 0 ? 0 : 1]
    const draft = { content, client_id: `attempt-${attempt}` }
    const answer = await at.call(at.token(this.#sub), 'POST', '/support_chat/messages', draft)
    expect([200, 201]).toContain(answer.status)
  }

  #perform(desk: number, attempt: number): void {
    this.#tried.add(`attempt ${attempt}`)
    this.#followers[desk]?.send({ content: `attempt ${attempt}`, client_id: `attempt-${attempt}` })
  }

  async #isEqual(): Promise<boolean> {
    const stored = JSON.stringify(await this.#stored())
    return this.#views().every((view) => JSON.stringify(view) === stored)
  }

  async #stored() {
    const messages = await this.#log.messages(this.#chatId)
    return messages.map(({ seq, client_id, content }) => ({ seq, client_id, content }))
  }

  /** The chat as each client sees it. */
  #views() {
    const conversations = this.#conversations.map((conversation) =>
      conversation
        .getSnapshot()
        .messages.map(({ seq, clientId, content }) => ({ seq, client_id: clientId, content })),
    )
    return [...conversations, ...this.#followers.flatMap((follower) => follower.view())]
  }
}

/** A raw cable client. One that resyncs must end equal; any must hear a chat in order while it listens. */
class Follower {
  readonly #desk: TestDesk
  readonly #sub: string
  readonly #chatId: string
  readonly #resyncs: boolean
  readonly #seen = new Map<number, SupportMessage>()
  #cable: CableClient | null = null
  #identifier = ''
  /** What was heard on each connection, and how often the client itself had asked to hear something again. */
  #heard: { seqs: number[]; syncs: number }[] = []

  constructor(desk: TestDesk, sub: string, chatId: string, resyncs: boolean) {
    this.#desk = desk
    this.#sub = sub
    this.#chatId = chatId
    this.#resyncs = resyncs
  }

  async follow(): Promise<void> {
    await this.leave()
    const cable = await this.#desk.cable(this.#desk.token(this.#sub))
    const heard = { seqs: [] as number[], syncs: 0 }
    this.#heard.push(heard)
    cable.socket.on('message', (data) => {
      const { message: event } = JSON.parse(String(data)) as { message?: { message?: SupportMessage } }
      if (event?.message === undefined) return
      heard.seqs.push(event.message.seq)
      this.#seen.set(event.message.seq, event.message)
    })
    this.#identifier = await cable.subscribe({ channel: 'SupportChatChannel', chat_id: this.#chatId })
    this.#cable = cable
    this.sync()
  }

  sync(): void {
    const heard = this.#heard.at(-1)
    if (!this.#resyncs || heard === undefined) return
    let after = 0
    while (this.#seen.has(after + 1)) after++
    heard.syncs++
    this.#cable?.perform(this.#identifier, 'sync', { after })
  }

  send(draft: { content: string; client_id: string }): void {
    this.#cable?.perform(this.#identifier, 'send_message', draft)
  }

  /** Resolves when the desk has read everything that was sent: it answers frames in their order. */
  async arrived(): Promise<void> {
    const identifier = JSON.stringify({ channel: 'Nothing', at: performance.now() })
    this.#cable?.send({ command: 'subscribe', identifier })
    await until('the desk has answered', () =>
      this.#cable?.frames.some((frame) => frame.identifier === identifier),
    )
  }

  view() {
    if (!this.#resyncs) return []
    const messages = [...this.#seen.values()].toSorted((one, other) => one.seq - other.seq)
    return [messages.map(({ seq, client_id, content }) => ({ seq, client_id, content }))]
  }

  /** Each seq follows the one before it, but for the places that the client asked to go back to. */
  expectOrder(): void {
    for (const { seqs, syncs } of this.#heard) {
      const breaks = seqs.filter((seq, index) => index > 0 && seq !== (seqs[index - 1] ?? 0) + 1)
      expect(breaks.length, `breaks in ${seqs}`).toBeLessThanOrEqual(syncs)
    }
  }

  async leave(): Promise<void> {
    await this.#cable?.[Symbol.asyncDispose]()
    this.#cable = null
  }
}

/** Lets what is under way arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}
