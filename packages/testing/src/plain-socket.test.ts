import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

/** A client as a developer writes it by hand in ten lines. */
class Handmade implements AsyncDisposable {
  readonly socket: WebSocket
  // biome-ignore lint/suspicious/noExplicitAny: it takes whatever comes.
  readonly heard: any[] = []
  closed: [code: number, reason: string] | null = null

  constructor(at: TestDesk, query: string) {
    this.socket = new WebSocket(`ws://127.0.0.1:${at.port}/ws/chat?${query}`)
    this.socket.on('message', (data) => this.heard.push(JSON.parse(String(data))))
    this.socket.on('close', (code, reason) => {
      this.closed = [code, String(reason)]
    })
    this.socket.on('error', () => {})
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN
  }

  do(action: string, data: object = {}): void {
    this.socket.send(JSON.stringify({ action, ...data }))
  }

  contents(): string[] {
    return this.heard.filter((event) => event.type === 'new_message').map((event) => event.message.content)
  }

  async says(...texts: string[]): Promise<void> {
    for (const content of texts) {
      this.do('send_message', { content })
      await until(`"${content}" comes back`, () => this.contents().includes(content))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await until('it is closed', () => this.socket.readyState === WebSocket.CLOSED)
  }
}

async function opened(at: TestDesk, query: string): Promise<Handmade> {
  const client = new Handmade(at, query)
  await until('it is open', () => client.isOpen)
  return client
}

test.each(['chat_id', 'id'])('a plain socket with %s= is subscribed from the start', async (name) => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await using alice = await opened(at, `${name}=${chatId}&token=${at.token('alice')}`)
  await using sam = await opened(at, `${name}=${chatId}&token=${at.token('sam', { role: 'admin' })}`)
  await alice.says('hello')
  await sam.says('how can I help?')
  await until('alice has both', () => alice.heard.length === 2)
  for (const { heard } of [alice, sam]) {
    expect(heard).toMatchObject([
      { type: 'new_message', message: { seq: 1, sender_type: 'user', content: 'hello' } },
      { type: 'new_message', message: { seq: 2, sender_type: 'admin', content: 'how can I help?' } },
    ])
  }
  expect(Object.keys(alice.heard[0])).toEqual(['type', 'message'])
})

test('what is sent the moment the socket opens is kept', async () => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await using alice = new Handmade(at, `chat_id=${chatId}&token=${at.token('alice')}`)
  alice.socket.on('open', () => {
    for (const content of ['one', 'two', 'three']) alice.do('send_message', { content })
  })
  await until('all come back', () => alice.heard.length === 3)
  expect(alice.contents()).toEqual(['one', 'two', 'three'])
})

test('a plain socket and the cable see the same chat', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  await using plain = await opened(at, `chat_id=${chat_id}&token=${at.token('alice')}`)
  await using cable = await at.cable(at.token('alice'))
  const identifier = await cable.subscribe({ channel: 'SupportChatChannel', chat_id })
  await plain.says('from the plain one')
  cable.perform(identifier, 'send_message', { content: 'from the cable' })
  await until('both have both', () => plain.heard.length + cable.events(identifier).length === 4)
  expect(plain.heard).toEqual(cable.events(identifier))
})

test('marks, syncs and refusals work on a plain socket', async () => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await using alice = await opened(at, `chat_id=${chatId}&token=${at.token('alice')}`)
  await using sam = await opened(at, `chat_id=${chatId}&token=${at.token('sam', { role: 'admin' })}`)
  await sam.says('one', 'two')
  await until('alice has them', () => alice.heard.length === 2)
  alice.do('mark_read', { through: 2 })
  await until('it is told', () => sam.heard.length === 3)
  expect(sam.heard[2]).toMatchObject({ type: 'messages_read', through: 2 })
  sam.do('mark_viewed')
  await until('that is told', () => alice.heard.length === 4)
  expect(alice.heard[3]).toEqual({ type: 'messages_viewed', through: 2 })
  alice.do('send_message', { content: 'x'.repeat(10_001), client_id: 'c-1' })
  await until('it is refused', () => alice.heard.length === 5)
  expect(alice.heard[4]).toMatchObject({
    type: 'message_rejected',
    client_id: 'c-1',
    error: { code: 'too_large' },
  })
  alice.do('sync', { after: 1 })
  await until('the second comes again', () => alice.heard.length === 6)
  expect(alice.heard[5].message).toMatchObject({ seq: 2, content: 'two' })
  await sam.says('three')
  expect(sam.heard.map((event) => event.type)).toEqual([
    'new_message',
    'new_message',
    'messages_read',
    'messages_viewed',
    'new_message',
  ])
})

test.each([
  '',
  'hello',
  '{"action":',
  'null',
  '[]',
  '5',
  '{}',
  '{"action":5,"content":"x"}',
  '{"action":"dance","content":"x"}',
  '{"action":"__proto__","content":"x"}',
  '{"action":"constructor","content":"x"}',
  '{"action":"send_message"}',
  '{"action":"send_message","content":["x"]}',
  '{"action":"send_message","content":" \\n "}',
  '{"content":"x"}',
  '{"command":"message","identifier":"{}","data":"{\\"action\\":\\"send_message\\",\\"content\\":\\"x\\"}"}',
])('[P8] a plain socket ignores %j and works on', async (text) => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await using alice = await opened(at, `chat_id=${chatId}&token=${at.token('alice')}`)
  alice.socket.send(text)
  alice.socket.send(Buffer.from('{"action":"send_message","content":"in binary"}'), { binary: true })
  await alice.says('still here')
  expect(alice.contents()).toEqual(['still here'])
})

test('[P7] a chat that is not yours closes the socket exactly like one that does not exist', async () => {
  await using at = await testDesk()
  const foreign = await at.openChat('bob')
  const missing = crypto.randomUUID()
  await using bob = await opened(at, `id=${foreign}&token=${at.token('bob')}`)
  for (const id of [foreign, missing, '', '%00', '__proto__']) {
    await using alice = new Handmade(at, `chat_id=${id}&token=${at.token('alice')}`)
    alice.socket.on('open', () => alice.do('send_message', { content: 'let me in' }))
    await until('it is closed', () => alice.closed)
    expect([alice.closed, alice.heard]).toEqual([[1008, 'not_found'], []])
  }
  await bob.says('only me')
  expect(bob.contents()).toEqual(['only me'])
})

test('[P7] someone who is nobody is closed without a word', async () => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  for (const token of ['', at.token('alice', { exp: 1 })]) {
    await using nobody = new Handmade(at, `chat_id=${chatId}&token=${token}`)
    await until('it is closed', () => nobody.closed)
    expect([nobody.closed, nobody.heard]).toEqual([[1008, 'unauthorized'], []])
  }
})

test('[P4] a handmade client that comes back asks for what it missed', async () => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await using sam = await opened(at, `id=${chatId}&token=${at.token('sam', { role: 'admin' })}`)
  const first = await opened(at, `id=${chatId}&token=${at.token('alice')}`)
  await sam.says('one')
  await until('it is there', () => first.heard.length === 1)
  await first[Symbol.asyncDispose]()
  await sam.says('two', 'three')
  await using second = await opened(at, `id=${chatId}&token=${at.token('alice')}`)
  second.do('sync', { after: first.heard.at(-1).message.seq })
  await until('the rest is there', () => second.heard.length === 2)
  await sam.says('four')
  await until('so is the next', () => second.heard.length === 3)
  expect([...first.contents(), ...second.contents()]).toEqual(['one', 'two', 'three', 'four'])
})
