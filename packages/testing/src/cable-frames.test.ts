import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CableClient } from './cable-client.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const CHANNEL = 'SupportChatChannel'
const WELCOME = { type: 'welcome' }

const confirm = (identifier: string) => ({ identifier, type: 'confirm_subscription' })
const reject = (identifier: string) => ({ identifier, type: 'reject_subscription' })
const subscribe = (identifier: string) => ({ command: 'subscribe', identifier })
const message = (identifier: string, data: unknown) => ({ command: 'message', identifier, data })

let at: TestDesk
let people = 0
beforeAll(async () => {
  at = await testDesk({ databaseUrl: 'sqlite::memory:' })
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})

/** Another Alice for each test, with her chat and the identifier of it in the usual spelling. */
async function alone() {
  const sub = `alice-${++people}`
  const chat_id = await at.openChat(sub)
  const alice = await at.cable(at.token(sub))
  return { sub, alice, chat_id, identifier: JSON.stringify({ channel: CHANNEL, chat_id }) }
}

/** The frames as they came, byte for byte. */
function textsOf({ socket }: CableClient): string[] {
  const texts: string[] = []
  socket.on('message', (data) => texts.push(String(data)))
  return texts
}

/** Waits for the answer to a subscribe that is always rejected: whatever was sent before has been handled. */
async function roundTrip(client: CableClient): Promise<object> {
  const identifier = JSON.stringify({ channel: 'Nowhere', at: client.frames.length })
  client.send(subscribe(identifier))
  await until('it is answered', () => client.frames.some((frame) => frame.identifier === identifier))
  return reject(identifier)
}

/** Sends a message and waits for it, so that whatever was sent before has been stored if it ever will be. */
async function says(client: CableClient, identifier: string, content: string): Promise<void> {
  client.perform(identifier, 'send_message', { content })
  await until(`"${content}" comes back`, () =>
    client.events(identifier).some((event) => event.message?.content === content),
  )
}

const contents = (client: CableClient, identifier: string) =>
  client.events(identifier).map((event) => event.message.content)

test('a subscribe is confirmed, and an event carries identifier and message but no type', async () => {
  const { alice, identifier } = await alone()
  const texts = textsOf(alice)
  alice.send(subscribe(identifier))
  await until('it is confirmed', () => texts.length === 1)
  expect(texts[0]).toBe(`{"identifier":${JSON.stringify(identifier)},"type":"confirm_subscription"}`)

  await says(alice, identifier, 'hello')
  expect(texts[1]).toMatch(`{"identifier":${JSON.stringify(identifier)},"message":{"type":"new_message"`)
  expect(Object.keys(JSON.parse(texts[1] ?? ''))).toEqual(['identifier', 'message'])
})

test('an event is JSON inside the frame, the data of an action is a JSON string', async () => {
  const { alice, identifier } = await alone()
  await alice.subscribe(JSON.parse(identifier))
  alice.send(message(identifier, { action: 'send_message', content: 'as an object' }))
  alice.send(message(identifier, JSON.stringify({ action: 'send_message', content: 'as a string' })))
  await until('the string is understood', () => contents(alice, identifier).includes('as a string'))
  expect(contents(alice, identifier)).toEqual(['as a string'])
})

test('every spelling of an identifier is echoed byte for byte and is a subscription of its own', async () => {
  const { alice, chat_id: id } = await alone()
  const texts = textsOf(alice)
  const spellings = [
    `{"channel":"${CHANNEL}","chat_id":"${id}"}`,
    `{"chat_id":"${id}","channel":"${CHANNEL}"}`,
    ` {\t"channel" : "${CHANNEL}",\n "chat_id":"${id}" } `,
    `{"channel":"Support\\u0043hatChannel","chat_id":"${id}"}`,
    `{"channel":"${CHANNEL}","chat_id":"${id}","note":"é😀 \\" \\\\ \\/ \u2028"}`,
    `{"channel":"${CHANNEL}","chat_id":"${id}","note":"\\ud800"}`,
    `{"channel":"${CHANNEL}","chat_id":"${id}","__proto__":{"channel":"Nowhere"}}`,
    `{"channel":"ChatChannel","chat_id":"${id}"}`,
  ]
  for (const identifier of spellings) alice.send(subscribe(identifier))
  await until('all are confirmed', () => texts.length === spellings.length)
  expect(new Set(texts)).toEqual(new Set(spellings.map((identifier) => JSON.stringify(confirm(identifier)))))

  await says(alice, spellings[0] ?? '', 'to every one of them')
  await roundTrip(alice)
  for (const identifier of spellings) {
    expect(contents(alice, identifier)).toEqual(['to every one of them'])
    expect(
      texts.filter((text) => text.startsWith(`{"identifier":${JSON.stringify(identifier)},"mess`)),
    ).toHaveLength(1)
  }
})

test('a duplicate subscribe is swallowed, while the first is pending and once it is confirmed', async () => {
  const { alice, identifier } = await alone()
  for (let time = 0; time < 3; time++) alice.send(subscribe(identifier))
  const first = await roundTrip(alice)
  await until('it is confirmed', () => alice.talk.length === 3)
  for (let time = 0; time < 3; time++) alice.send(subscribe(identifier))
  await says(alice, identifier, 'once')
  const second = await roundTrip(alice)
  const answers = alice.talk.filter((frame) => 'type' in frame)
  expect(answers).toHaveLength(4)
  expect(answers).toEqual(expect.arrayContaining([WELCOME, confirm(identifier), first, second]))
  expect(contents(alice, identifier)).toEqual(['once'])
})

test('a duplicate subscribe does not cost the actions that wait for the first', async () => {
  const { alice, identifier } = await alone()
  alice.send(subscribe(identifier))
  alice.perform(identifier, 'send_message', { content: 'behind the first' })
  alice.send(subscribe(identifier))
  alice.perform(identifier, 'send_message', { content: 'behind the second' })
  await until('both are stored', () => contents(alice, identifier).length === 2)
  expect(contents(alice, identifier)).toEqual(['behind the first', 'behind the second'])
})

test('a subscription that was left is silent, and can be taken up again', async () => {
  const { alice, chat_id, identifier } = await alone()
  const other = await alice.subscribe({ channel: 'ChatChannel', chat_id })
  await alice.subscribe(JSON.parse(identifier))
  await says(alice, identifier, 'one')
  alice.send({ command: 'unsubscribe', identifier })
  alice.perform(identifier, 'send_message', { content: 'into the void' })
  await says(alice, other, 'two')
  alice.send(subscribe(identifier))
  await until(
    'it is confirmed again',
    () => alice.talk.filter((f) => f.type === 'confirm_subscription').length === 3,
  )
  await says(alice, identifier, 'three')
  expect(contents(alice, identifier)).toEqual(['one', 'three'])
  expect(contents(alice, other)).toEqual(['one', 'two', 'three'])
})

test('leaving before the answer means that there is none', async () => {
  const { alice, chat_id, identifier } = await alone()
  alice.send(subscribe(identifier))
  alice.send({ command: 'unsubscribe', identifier })
  const other = await alice.subscribe({ channel: 'ChatChannel', chat_id })
  await says(alice, other, 'hello')
  expect(alice.talk.filter((frame) => frame.identifier === identifier)).toEqual([])
})

test('leaving and coming back before the answer is confirmed once', async () => {
  const { alice, chat_id, identifier } = await alone()
  for (let time = 0; time < 3; time++) {
    alice.send(subscribe(identifier))
    alice.send({ command: 'unsubscribe', identifier })
  }
  alice.send(subscribe(identifier))
  alice.perform(identifier, 'send_message', { content: 'hello' })
  const other = await alice.subscribe({ channel: 'ChatChannel', chat_id })
  await says(alice, other, 'and now')
  const own = alice.talk.filter((frame) => frame.identifier === identifier)
  expect(own.filter((frame) => frame.type !== undefined)).toEqual([confirm(identifier)])
  expect(own[0]).toEqual(confirm(identifier))
  expect(contents(alice, identifier)).toEqual(['hello', 'and now'])
})

test('an action right behind its subscribe is kept until the confirm', async () => {
  const { alice, identifier } = await alone()
  alice.send(subscribe(identifier))
  for (const content of ['one', 'two', 'three']) alice.perform(identifier, 'send_message', { content })
  await until('all are echoed', () => alice.events(identifier).length === 3)
  expect(alice.talk[1]).toEqual(confirm(identifier))
  expect(contents(alice, identifier)).toEqual(['one', 'two', 'three'])
})

test('[P4] whatever is committed once the confirm is there arrives', async () => {
  const { alice, chat_id, identifier } = await alone()
  await alice.subscribe(JSON.parse(identifier))
  const late: { identifier: string; confirmedAt: number }[] = []
  let said = 0
  // On the very frame of the confirm another message is sent, while more are on their way all the time.
  alice.socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.type !== 'confirm_subscription') return
    late.push({ identifier: frame.identifier, confirmedAt: said })
    alice.perform(identifier, 'send_message', { content: `${++said}` })
  })
  for (let round = 0; round < 40; round++) {
    alice.perform(identifier, 'send_message', { content: `${++said}` })
    alice.send(subscribe(JSON.stringify({ channel: CHANNEL, chat_id, round })))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until('all are confirmed', () => late.length === 40)
  await says(alice, identifier, 'the end')
  for (const one of late) {
    await until('the last one arrives', () => contents(alice, one.identifier).at(-1) === 'the end')
    const seqs = alice.events(one.identifier).map((event) => event.message.seq)
    const [first = 0] = seqs
    expect(first).toBeLessThanOrEqual(one.confirmedAt + 1)
    expect(seqs).toEqual(seqs.map((_, index) => first + index))
  }
})

test.each([
  ['nothing', ''],
  ['no JSON', '{"command":'],
  ['null', 'null'],
  ['a number', '42'],
  ['a string', '"subscribe"'],
  ['an array', '[{"command":"subscribe","identifier":"{}"}]'],
  ['an empty object', '{}'],
  ['a very deep array', '['.repeat(30_000)],
  ['no identifier', '{"command":"subscribe"}'],
  [
    'an identifier that is no string',
    '{"command":"subscribe","identifier":{"channel":"SupportChatChannel"}}',
  ],
  ['no command', '{"identifier":"{}"}'],
  ['an unknown command', '{"command":"whisper","identifier":"{}","data":{}}'],
  ['a command named __proto__', '{"command":"__proto__","identifier":"{}"}'],
  ['a command named constructor', '{"command":"constructor","identifier":"{}"}'],
  ['a command that is no string', '{"command":["subscribe"],"identifier":"{}"}'],
  ['leaving what was never joined', '{"command":"unsubscribe","identifier":"{}"}'],
  ['a message without a subscription', '{"command":"message","identifier":"{}","data":"{}"}'],
  [
    'a message to __proto__',
    '{"command":"message","identifier":"__proto__","data":"{\\"action\\":\\"sync\\"}"}',
  ],
  ['a message to constructor', '{"command":"message","identifier":"constructor","data":"{}"}'],
])('[P8] %s is ignored, and the connection works on', async (_, text) => {
  const { alice, identifier } = await alone()
  await alice.subscribe(JSON.parse(identifier))
  alice.send(text)
  const answer = await roundTrip(alice)
  expect(alice.talk).toEqual([WELCOME, confirm(identifier), answer])
  await says(alice, identifier, 'still here')
})

test.each([
  ['no data', undefined],
  ['data that is null', null],
  ['data that is a number', 5],
  ['data that is no JSON', 'send_message'],
  ['data that is a JSON string', '"send_message"'],
  ['data that is a JSON array', '["send_message"]'],
  ['an action that is missing', '{"content":"x"}'],
  ['the action receive', '{"action":"receive","content":"x"}'],
  ['an unknown action', '{"action":"delete_message","content":"x"}'],
  ['an action named __proto__', '{"action":"__proto__","content":"x"}'],
  ['an action named constructor', '{"action":"constructor","content":"x"}'],
  ['an action named toString', '{"action":"toString","content":"x"}'],
  ['the action close', '{"action":"close"}'],
  ['the action perform', '{"action":"perform","content":"x"}'],
  ['an action that is no string', '{"action":["send_message"],"content":"x"}'],
  ['a message without content', '{"action":"send_message"}'],
  ['a message whose content is a number', '{"action":"send_message","content":5}'],
  ['a message whose content is an object', '{"action":"send_message","content":{"toString":"x"}}'],
  ['a message whose content hides in __proto__', '{"action":"send_message","__proto__":{"content":"x"}}'],
  ['a message whose client_id is a number', '{"action":"send_message","content":"x","client_id":5}'],
  ['a blank message', '{"action":"send_message","content":""}'],
  ['a message of white space', '{"action":"send_message","content":" \\n\\t\\u00a0\\u3000\\ufeff"}'],
  ['a read mark that is no number', '{"action":"mark_read","through":"1"}'],
  ['a read mark below zero', '{"action":"mark_read","through":-1}'],
  ['a read mark in between', '{"action":"mark_read","through":0.5}'],
  ['a sync without a place', '{"action":"sync"}'],
  ['a sync after null', '{"action":"sync","after":null}'],
  ['a sync after a string', '{"action":"sync","after":"0"}'],
  ['a sync below zero', '{"action":"sync","after":-1}'],
])('[P8] an action with %s is ignored, and the subscription works on', async (_, data) => {
  const { sub, alice, chat_id, identifier } = await alone()
  await alice.subscribe(JSON.parse(identifier))
  await using sam = await at.cable(at.token('sam', { role: 'admin' }))
  await says(sam, await sam.subscribe({ channel: CHANNEL, chat_id }), 'unread')
  await until('alice hears it', () => alice.events(identifier).length === 1)
  alice.send(message(identifier, data))
  const answer = await roundTrip(alice)
  await says(alice, identifier, 'still here')
  await says(alice, identifier, 'and again')
  expect(contents(alice, identifier)).toEqual(['unread', 'still here', 'and again'])
  expect(alice.talk.filter((frame) => 'type' in frame)).toEqual([WELCOME, confirm(identifier), answer])
  const summary = await at.call(at.token(sub), 'GET', '/support_chat/summary')
  expect(await summary.json()).toEqual({ exists: true, unread_count: 1 })
})

test('[P8] a binary frame is ignored, whatever it says', async () => {
  const { alice, identifier } = await alone()
  await alice.subscribe(JSON.parse(identifier))
  const data = JSON.stringify({ action: 'send_message', content: 'in binary' })
  alice.socket.send(Buffer.from(JSON.stringify(message(identifier, data))), { binary: true })
  alice.socket.send(Buffer.from(JSON.stringify(subscribe('{}'))), { binary: true })
  await says(alice, identifier, 'in text')
  const answer = await roundTrip(alice)
  expect(contents(alice, identifier)).toEqual(['in text'])
  expect(alice.talk.filter((frame) => 'type' in frame)).toEqual([WELCOME, confirm(identifier), answer])
})

test.each([
  ['an unknown channel', '{"channel":"Nowhere"}'],
  ['a channel named __proto__', '{"channel":"__proto__"}'],
  ['a channel named constructor', '{"channel":"constructor"}'],
  ['a channel that hides in __proto__', '{"__proto__":{"channel":"AdminNotificationChannel"}}'],
  ['a channel that is no string', '{"channel":["AdminNotificationChannel"]}'],
  ['no channel', '{}'],
  ['an identifier that is no JSON', 'SupportChatChannel'],
  ['the identifier __proto__', '__proto__'],
  ['an empty identifier', ''],
  ['a chat without an id', '{"channel":"SupportChatChannel"}'],
  ['a chat whose id is a number', '{"channel":"SupportChatChannel","chat_id":0}'],
  ['a chat whose id is a list', '{"channel":"SupportChatChannel","chat_id":["x"]}'],
  ['a chat whose id is no UUID', '{"channel":"SupportChatChannel","chat_id":"\' or 1=1 --"}'],
  ['a chat whose id has a NUL', '{"channel":"SupportChatChannel","chat_id":"\\u0000"}'],
  ['a chat whose id is ill-formed', '{"channel":"SupportChatChannel","chat_id":"\\ud800"}'],
])('[P8] %s is rejected, again and again, and the connection works on', async (_, identifier) => {
  await using admin = await at.cable(at.token('sam', { role: 'admin' }))
  for (let time = 1; time <= 2; time++) {
    admin.send(subscribe(identifier))
    await until('it is rejected', () => admin.talk.length === 1 + time)
    expect(admin.talk.at(-1)).toEqual(reject(identifier))
  }
  await admin.subscribe({ channel: 'AdminNotificationChannel' })
})

test('[P8] one connection holds 200 subscriptions and no more', async () => {
  const { alice, chat_id } = await alone()
  const spelling = (n: number) => JSON.stringify({ channel: CHANNEL, chat_id, n })
  for (let n = 0; n <= 200; n++) alice.send(subscribe(spelling(n)))
  await until('all are answered', () => alice.talk.length === 202)
  expect(alice.talk.filter((frame) => frame.type === 'reject_subscription')).toEqual([reject(spelling(200))])
  alice.send({ command: 'unsubscribe', identifier: spelling(0) })
  await alice.subscribe({ channel: CHANNEL, chat_id, n: 201 })
})
