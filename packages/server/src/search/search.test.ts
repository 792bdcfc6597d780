import type { SearchHit } from '@deskbell/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimVisitorChat } from '../chats/claim.ts'
import { leaveContact } from '../chats/contact.ts'
import { erase } from '../chats/erase.ts'
import { open } from '../chats/open.ts'
import { MessageLog } from '../messages/append.ts'
import { testEngine, user } from '../testing/engine.ts'
import { search } from './search.ts'
import { wordsOf } from './words.ts'

async function desk() {
  const engine = await testEngine()
  const log = new MessageLog(engine, 0)
  const find = async (typed: string, limit = 50) => {
    const { hits } = await search(engine.store, { typed, limit, cursor: null })
    return hits
  }
  return {
    engine,
    find,
    say: async (who: ReturnType<typeof user>, ...contents: string[]) => {
      const { id: chatId } = await open(engine, who)
      for (const content of contents) {
        await log.append({ type: 'user', name: who.name }, { chatId, content, clientId: null })
      }
      return chatId
    },
    /** Who is found, by the name. */
    who: async (typed: string) => (await find(typed)).map(({ chat }) => chat.user_name),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

/** What of the excerpts is marked. */
function marked(hits: SearchHit[]): string[] {
  return hits.flatMap(({ matches }) =>
    matches.flatMap(({ excerpt, highlights }) => highlights.map(([start, end]) => excerpt.slice(start, end))),
  )
}

test('what someone wrote is found, with the words around it and where they stand', async () => {
  await using at = await desk()
  const id = await at.say(user('alice'), 'The lamp arrived\nbroken, can I have a refund?', 'Hello?')
  await at.say(user('bob'), 'Where is my parcel?')
  const [hit, ...others] = await at.find('refund lamp')
  expect(others).toEqual([])
  expect(hit?.chat).toMatchObject({ id, user_name: 'Alice', message_count: 2, unread: true })
  expect(hit?.matches).toEqual([
    {
      field: 'content',
      seq: 1,
      sender_type: 'user',
      sender_name: 'Alice',
      created_at: expect.any(String),
      excerpt: 'The lamp arrived broken, can I have a refund?',
      highlights: [
        [4, 8],
        [38, 44],
      ],
    },
  ])
})

test('people are found by name and address, before what was written', async () => {
  await using at = await desk()
  await at.say(user('bob'), 'Alice said that you help')
  await at.say(user('alice'), 'hello')
  expect(await at.who('alice')).toEqual(['Alice', 'Bob'])
  expect(await at.who('ali')).toEqual(['Alice', 'Bob'])
  expect(await at.who('bob@exam')).toEqual(['Bob'])
  expect((await at.find('alice'))[0]?.matches).toEqual([
    { field: 'name', excerpt: 'Alice', highlights: [[0, 5]] },
    { field: 'email', excerpt: 'alice@example.com', highlights: [[0, 5]] },
  ])
  expect(await at.who('example alice')).toEqual(['Alice'])
})

test('words are found by their beginning, all of them, in any order; in quotes as they stand', async () => {
  await using at = await desk()
  await at.say(user('alice'), 'the invoice is wrong')
  await at.say(user('bob'), 'wrong lamp, the invoice is fine')
  expect(await at.who('inv')).toEqual(['Bob', 'Alice'])
  expect(await at.who('voice')).toEqual([])
  expect(await at.who('inv lam')).toEqual(['Bob'])
  expect(await at.who('"invoice is wrong"')).toEqual(['Alice'])
  expect(await at.who('“is wrong” the')).toEqual(['Alice'])
  expect(await at.who('"invoice is wro')).toEqual(['Alice'])
  expect(await at.who('"invoice is wro"')).toEqual([])
})

test.each([
  ['MUNCHEN', 'Grüße aus München', ['München']],
  ['grüsse', 'Grüße aus München', ['Grüße']],
  ['creme brulee', 'une crème brûlée', ['crème', 'brûlée']],
  ['nao', 'não funciona', ['não']],
  ['東京', '私は東京に住んでいます', ['東京']],
  ['住んで', '私は東京に住んでいます', ['住んで']],
  ['サポート', 'カスタマーサポートへ', ['サポート']],
  ['退款', '我想申请退款，谢谢', ['退款']],
  ['款', '我想申请退款，谢谢', ['款']],
  ['iPhoneの', '新しいiPhoneのケース', ['iPhoneの']],
  ['الطلب', 'أين طلبي؟ وصل الطَّلَب متأخرا', ['طلبي', 'الطَّلَب']],
  ['طلب', 'وصل الطلب متأخرا', ['الطلب']],
  ['أين', 'اين طلبي', ['اين']],
  ['ПРИВЕТ', 'привет, это я', ['привет']],
  ['환불', '환불해 주세요', ['환불해']],
])('%s is found in %s', async (typed, content, expected) => {
  await using at = await desk()
  await at.say(user('alice'), content)
  await at.say(user('bob'), 'something else')
  expect(await at.who(typed)).toEqual(['Alice'])
  expect(marked(await at.find(typed))).toEqual(expected)
})

test('characters of scripts without spaces are found only where they stand together', async () => {
  await using at = await desk()
  await at.say(user('alice'), '東の京')
  expect(await at.who('東京')).toEqual([])
})

test('a long message is shown around what was found, and no character is divided', async () => {
  await using at = await desk()
  await at.say(user('alice'), `${'😀'.repeat(200)} needle ${'😀'.repeat(200)}`)
  const [match] = (await at.find('needle'))[0]?.matches ?? []
  expect(match?.excerpt).toMatch(/^…(😀)+ needle (😀)+…$/u)
  expect(match?.excerpt.length).toBeLessThan(210)
  expect(marked(await at.find('needle'))).toEqual(['needle'])
})

test('newest first, each chat once, whatever comes in between the pages', async () => {
  await using at = await desk()
  const names = Array.from({ length: 12 }, (_, index) => `user-${String(index).padStart(2, '0')}`)
  for (const name of names) await at.say(user(name), 'a needle', 'another needle')
  await at.say(user('user-03'), 'one more needle')
  await at.say(user('needle'), 'hello')
  await at.say(user('needle-2'), 'hello', 'needle')
  const pages: string[][] = []
  let cursor: string | null = null
  do {
    const { hits, next } = await search(at.engine.store, { typed: 'needle', limit: 5, cursor })
    pages.push(hits.map(({ chat }) => chat.user_email?.split('@')[0] ?? ''))
    expect(hits.every(({ matches }) => matches.length > 0 && matches.length <= 3)).toBe(true)
    cursor = next
    await at.say(user(`late-${pages.length}`), 'needle')
    await at.say(user('user-11'), 'needle again')
  } while (cursor !== null)
  const rest = names.filter((name) => name !== 'user-03').reverse()
  expect(pages.flat()).toEqual(['needle-2', 'needle', 'user-03', ...rest])
  expect(pages.map(({ length }) => length)).toEqual([5, 5, 4])
})

test('pages of people end where the pages of messages begin', async () => {
  await using at = await desk()
  for (const id of ['needle-1', 'needle-2', 'needle-3']) await at.say(user(id), 'hello')
  await at.say(user('alice'), 'needle')
  const found: string[] = []
  let cursor: string | null = null
  do {
    const { hits, next } = await search(at.engine.store, { typed: 'needle', limit: 1, cursor })
    found.push(...hits.map(({ chat }) => chat.user_email?.split('@')[0] ?? ''))
    cursor = next
  } while (cursor !== null)
  expect(found).toEqual(['needle-3', 'needle-2', 'needle-1', 'alice'])
})

test('a new name or address is found at once, and the old one no more', async () => {
  await using at = await desk()
  const guest = { ...user('visitor:1'), role: 'visitor' as const, email: null, name: null }
  await at.say(guest, 'hello')
  await leaveContact(at.engine, guest, { email: 'eve@elsewhere.example', name: 'Eve' })
  expect(await at.who('elsewhere')).toEqual(['Eve'])
  await at.say({ ...guest, email: 'eve@home.example', name: 'Eva' }, 'it is me')
  expect([await at.who('elsewhere'), await at.who('home')]).toEqual([[], ['Eva']])
})

test('messages that move to another chat are found there', async () => {
  await using at = await desk()
  const guest = { ...user('visitor:1'), role: 'visitor' as const, email: null, name: null }
  await at.say(user('alice'), 'hello')
  await at.say(guest, 'the needle')
  await claimVisitorChat(at.engine, guest.id, user('alice'))
  expect((await at.find('needle')).map(({ chat, matches }) => [chat.user_name, matches])).toEqual([
    ['Alice', [expect.objectContaining({ seq: 2, excerpt: 'the needle' })]],
  ])
})

test('who was erased is found no more, and others are', async () => {
  await using at = await desk()
  await at.say(user('alice'), 'my needle', 'is sharp')
  await at.say(user('bob'), 'a needle')
  await erase(at.engine, 'alice')
  expect([await at.who('alice'), await at.who('sharp'), await at.who('needle')]).toEqual([[], [], ['Bob']])
  await at.say(user('carol'), 'third needle')
  expect(await at.who('needle')).toEqual(['Carol', 'Bob'])
})

test('[P8] whatever is typed is a search, and what it finds is marked inside of what is shown', async () => {
  await using at = await desk()
  await at.say(user('alice'), 'AND "quoted" OR not NEAR(a b) col:x * ^ - + { } \\ \' ; select 東京 é 1')
  const pieces = fc.constantFrom(
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    '"',
    '*',
    '^',
    ':',
    '-',
    ' ',
    '東',
    'é',
    'a',
    '\\',
    "'",
  )
  const typed = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((all) => all.join('')),
  )
  await fc.assert(
    fc.asyncProperty(typed, async (text) => {
      for (const { matches } of await at.find(text)) {
        for (const { excerpt, highlights } of matches) {
          let last = 0
          for (const [start, end] of highlights) {
            expect(last <= start && start < end && end <= excerpt.length).toBe(true)
            last = end
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('any word of any text finds it', async () => {
  await using at = await desk()
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), async (text) => {
      if (wordsOf(text).length === 0) return
      const id = await at.say(user(`u${++count}`), text)
      expect(
        (await at.find(text.slice(0, 200).replaceAll('"', ' '), 200)).map(({ chat }) => chat.id),
      ).toContain(id)
    }),
    { numRuns: 100 },
  )
})
