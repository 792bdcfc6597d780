import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { micros, timestamp } from '../store/time.ts'
import { testEngine, user } from '../testing/engine.ts'
import { MessageLog } from './append.ts'
import { type Page, userHistory } from './history.ts'

/** Ten messages of alice, a second apart from each other, and some of bob's between them. */
async function desk() {
  const engine = await testEngine()
  const [alice, bob] = [await open(engine, user('alice')), await open(engine, user('bob'))]
  const log = new MessageLog(engine, 0)
  const times: string[] = []
  for (let seq = 1; seq <= 10; seq++) {
    const say = (chatId: string) =>
      log.append({ type: 'user', name: null }, { chatId, content: `${seq}`, clientId: null })
    times.push((await say(alice.id)).message.created_at)
    await say(bob.id)
    engine.clock.advance(1000)
  }
  return {
    store: engine.store,
    id: alice.id,
    times,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

const shown = ({ messages, hasMore }: Page) => [messages.map(({ seq }) => seq), hasMore]

test('the newest page is ascending and tells whether there are older ones', async () => {
  await using at = await desk()
  expect(shown(await userHistory(at.store).newest(at.id, 3))).toEqual([[8, 9, 10], true])
  expect(shown(await userHistory(at.store).newest(at.id, 10))).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    false,
  ])
})

test('what came after a seq begins with the oldest', async () => {
  await using at = await desk()
  expect(shown(await userHistory(at.store).after(at.id, 4, 3))).toEqual([[5, 6, 7], true])
  expect(shown(await userHistory(at.store).after(at.id, 7, 3))).toEqual([[8, 9, 10], false])
  expect(shown(await userHistory(at.store).after(at.id, 10, 3))).toEqual([[], false])
  expect(shown(await userHistory(at.store).after(at.id, 0, 2))).toEqual([[1, 2], true])
})

test('what came before a seq ends with the newest of it, ascending', async () => {
  await using at = await desk()
  expect(shown(await userHistory(at.store).before(at.id, 5, 3))).toEqual([[2, 3, 4], true])
  expect(shown(await userHistory(at.store).before(at.id, 4, 3))).toEqual([[1, 2, 3], false])
  expect(shown(await userHistory(at.store).before(at.id, 1, 3))).toEqual([[], false])
})

test('“since” is strict: the message of that very time is not repeated', async () => {
  await using at = await desk()
  const time = (seq: number) => at.times[seq - 1] ?? ''
  expect(shown(await userHistory(at.store).since(at.id, time(7), 10))).toEqual([[8, 9, 10], false])
  expect(shown(await userHistory(at.store).since(at.id, time(10), 10))).toEqual([[], false])
  expect(shown(await userHistory(at.store).since(at.id, '1970-01-01T00:00:00.000000Z', 2))).toEqual([
    [1, 2],
    true,
  ])
  const justBefore = timestamp(micros(time(7)) - 1)
  expect(shown(await userHistory(at.store).since(at.id, justBefore, 1))).toEqual([[7], true])
})

test('[P7] no page shows a message of another chat', async () => {
  await using at = await desk()
  for (const page of [
    await userHistory(at.store).newest('nowhere', 10),
    await userHistory(at.store).after('nowhere', 0, 10),
    await userHistory(at.store).before('nowhere', 100, 10),
    await userHistory(at.store).since('nowhere', '1970-01-01T00:00:00.000000Z', 10),
  ]) {
    expect(shown(page)).toEqual([[], false])
  }
})
