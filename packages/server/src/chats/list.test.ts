import { expect, test } from 'vitest'
import { MessageLog } from '../messages/append.ts'
import { type TestEngine, testEngine, user } from '../testing/engine.ts'
import { archive } from './archive.ts'
import { list } from './list.ts'
import { open } from './open.ts'

/** Opens chats whose users have said something, all at the same moment if the clock stands still. */
async function chats(engine: TestEngine, names: readonly string[], isSilent = false): Promise<string[]> {
  const log = new MessageLog(engine, 0)
  const ids: string[] = []
  for (const name of names) {
    const { id } = await open(engine, user(name))
    if (!isSilent) await log.append({ type: 'user', name }, { chatId: id, content: name, clientId: null })
    ids.push(id)
  }
  return ids
}

/** Every page of the list, by the first letters of the users' names. */
async function pages(engine: TestEngine, limit: number, archived = false): Promise<string[][]> {
  const all: string[][] = []
  let cursor: string | null = null
  do {
    const { items, next } = await list(engine.store, { archived, limit, cursor })
    all.push(items.map(({ user_name }) => user_name?.toLowerCase() ?? ''))
    cursor = next
  } while (cursor !== null && all.length < 100)
  return all
}

test('the list shows the newest message first, a page at a time', async () => {
  await using engine = await testEngine()
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await chats(engine, [name])
    engine.clock.advance(1000)
  }
  expect(await pages(engine, 2)).toEqual([['e', 'd'], ['c', 'b'], ['a']])
  expect(await pages(engine, 5)).toEqual([['e', 'd', 'c', 'b', 'a']])
  expect(await pages(engine, 50)).toEqual([['e', 'd', 'c', 'b', 'a']])
})

test('an empty list is one empty page', async () => {
  await using engine = await testEngine()
  expect(await pages(engine, 10)).toEqual([[]])
})

test.each([1, 2, 3, 7])('chats of the same moment are each shown once on pages of %d', async (limit) => {
  await using engine = await testEngine()
  await chats(engine, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  expect((await pages(engine, limit)).flat()).toEqual(['g', 'f', 'e', 'd', 'c', 'b', 'a'])
})

test.each([1, 2, 3, 4, 6])('chats without a message come last, each once, on pages of %d', async (limit) => {
  await using engine = await testEngine()
  await chats(engine, ['s', 't', 'u'], true)
  await chats(engine, ['a', 'b', 'c'])
  const all = await pages(engine, limit)
  expect(all.flat()).toEqual(['c', 'b', 'a', 'u', 't', 's'])
  expect(all.every((page) => page.length <= limit && page.length > 0)).toBe(true)
})

test('archived chats have a list of their own', async () => {
  await using engine = await testEngine()
  const [a, , c] = await chats(engine, ['a', 'b', 'c'])
  await archive(engine, a ?? '')
  await archive(engine, c ?? '')
  expect((await pages(engine, 1)).flat()).toEqual(['b'])
  expect((await pages(engine, 1, true)).flat()).toEqual(['c', 'a'])
})

test('a chat that gets a message while the list is paged may move up, but no other is lost or doubled', async () => {
  await using engine = await testEngine()
  for (const name of ['a', 'b', 'c', 'd']) {
    await chats(engine, [name])
    engine.clock.advance(1000)
  }
  const first = await list(engine.store, { archived: false, limit: 2, cursor: null })
  await chats(engine, ['b'])
  const second = await list(engine.store, { archived: false, limit: 2, cursor: first.next })
  expect([...first.items, ...second.items].map(({ user_name }) => user_name)).toEqual(['D', 'C', 'A'])
})

test.each(['', 'x', 'bnVsbA', 'e30', Buffer.from('[1,2]').toString('base64url'), '%00'])(
  '[P8] the cursor %j is refused, as it is none',
  async (cursor) => {
    await using engine = await testEngine()
    await expect(list(engine.store, { archived: false, limit: 2, cursor })).rejects.toMatchObject({
      code: 'invalid',
    })
  },
)

test('a row counts its messages and shows the beginning of the last', async () => {
  await using engine = await testEngine()
  const [id = ''] = await chats(engine, ['a'])
  const log = new MessageLog(engine, 0)
  const content = `${'😀'.repeat(60)} \n\t ${'x'.repeat(200)}`
  await log.append({ type: 'admin', id: 'sam', name: 'Sam' }, { chatId: id, content, clientId: null })
  const { items } = await list(engine.store, { archived: false, limit: 2, cursor: null })
  expect(items[0]).toMatchObject({
    ...{ message_count: 2, last_message_sender: 'admin', unread: true, archived: false },
    last_message_preview: `${'😀'.repeat(60)} ${'x'.repeat(39)}`,
  })
})
