import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settled } from './testing/fake-clock.ts'
import { MemoryClient } from './testing/memory-client.ts'
import type { MemoryDesk } from './testing/memory-desk.ts'

type Between = Pick<MemoryDesk, 'socketsAre' | 'streamsAre'>

type Step =
  | {
      kind:
        | 'send'
        | 'reply'
        | 'cut'
        | 'outage'
        | 'back'
        | 'flush'
        | 'read'
        | 'read elsewhere'
        | 'reload'
        | 'wake'
        | 'stall'
        | 'portal'
        | 'live'
    }
  | ({ kind: 'between' } & Between)
  | { kind: 'deliver' | 'drop' | 'repeat'; index: number }
  | { kind: 'wait'; ms: number }

const between: fc.Arbitrary<Between> = fc.record({
  socketsAre: fc.constantFrom('open', 'blocked', 'hanging'),
  streamsAre: fc.constantFrom('open', 'blocked', 'buffered'),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('send', 'reply') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut', 'outage', 'back', 'flush', 'read', 'read elsewhere', 'reload', 'wake'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('deliver', 'drop', 'repeat'), index: fc.nat(4) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('stall', 'portal', 'live') }) },
  { weight: 2, arbitrary: between.map((ways) => ({ kind: 'between' as const, ...ways })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(8_000) }) },
)

async function take(alice: MemoryClient, step: Step, written: string[]): Promise<void> {
  const { desk } = alice
  const socket = desk.sockets.at(-1)
  switch (step.kind) {
    case 'send': {
      const text = `message ${written.length}`
      written.push(text)
      alice.chat.send(text)
      break
    }
    case 'reply':
      desk.reply(`reply ${desk.log.length}`)
      break
    case 'cut':
      desk.cut()
      break
    case 'outage':
      desk.isUp = false
      desk.cut()
      break
    case 'back':
      desk.isUp = true
      break
    case 'flush':
      await desk.flush()
      break
    case 'read':
      alice.chat.markRead()
      break
    case 'read elsewhere':
      desk.read(Math.ceil(desk.log.length / 2))
      break
    case 'reload':
      alice.chat.close()
      desk.cut()
      alice.load()
      // Where nothing comes through, this lasts.
      void alice.chat.open()
      await settled()
      break
    case 'wake':
      alice.wake()
      break
    case 'stall':
      desk.stall()
      break
    case 'portal':
      desk.network = 'portal'
      desk.cut()
      break
    case 'live':
      await alice.live(8_000)
      break
    case 'between':
      Object.assign(desk, { socketsAre: step.socketsAre, streamsAre: step.streamsAre })
      break
    case 'deliver':
      socket?.deliver(Math.min(step.index, socket.toClient.length - 1))
      break
    case 'drop':
      socket?.toClient.splice(step.index, 1)
      break
    case 'repeat': {
      const frame = socket?.toClient[step.index]
      if (frame) socket.toClient.push(frame)
      break
    }
    case 'wait':
      await alice.clock.advance(step.ms)
  }
}

test('[P2] [P3] [P4] whatever is lost, doubled or disordered, the client ends equal to the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), between, async (steps, left) => {
      using alice = new MemoryClient()
      const { desk } = alice
      const written: string[] = []
      await alice.open()
      for (const each of steps) await take(alice, each, written)
      Object.assign(desk, left)
      desk.isUp = true
      desk.cut()
      await alice.live(5_000)
      // Each unsent message needs one round after the other; time is only needed where an answer was lost.
      const isUnsent = () => alice.sees().some((text) => text.endsWith(')'))
      for (let more = 0; more < 12 && isUnsent(); more++) await alice.live(5_000)
      // So is it where the chat was being loaded as the network stalled.
      const isLoaded = () => ['online', 'polling'].includes(alice.chat.getSnapshot().status)
      for (let more = 0; more < 4 && !isLoaded(); more++) await alice.live(5_000)
      // What was sent or read a moment ago shows with the next poll.
      if (alice.chat.getSnapshot().status === 'polling') await alice.live(5_000)

      const { messages, unreadCount, status } = alice.chat.getSnapshot()
      expect(messages.map(({ seq, content, readAt }) => [seq, content, readAt])).toEqual(
        desk.log.map(({ seq, content, read_at }) => [seq, content, read_at]),
      )
      expect(
        desk.log.filter((message) => message.sender_type === 'user').map(({ content }) => content),
      ).toEqual(written)
      expect(unreadCount).toBe(
        desk.log.filter(({ sender_type, seq }) => sender_type === 'admin' && seq > desk.userReadSeq).length,
      )
      const isPolled = left.socketsAre !== 'open' && left.streamsAre !== 'open'
      expect(isPolled ? ['polling'] : ['online', 'polling']).toContain(status)
      expect(alice.storage.kept.size).toBe(0)
      await alice.live(40_000)
      expect(alice.chat.getSnapshot().status).toBe(isPolled ? 'polling' : 'online')
      expect(desk.openLines).toBeLessThanOrEqual(2)
    }),
    { numRuns: 300 },
  )
})
