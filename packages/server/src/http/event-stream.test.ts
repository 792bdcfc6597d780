import { expect, test } from 'vitest'
import { type Ask, type HttpDesk, httpDesk } from '../testing/http-desk.ts'

/** What a browser's EventSource would make of the bytes (WHATWG HTML, 9.2.6). */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #text = ''

  constructor(response: Response) {
    if (response.body === null) throw new Error('there is no stream')
    this.#reader = response.body.getReader()
  }

  /** Reads on until this many events are there. */
  async events(count: number): Promise<{ id: string | null; data: unknown }[]> {
    for (;;) {
      const blocks = this.#text.split('\n\n').slice(0, -1)
      const events = blocks.filter((block) => block.includes('data: '))
      if (events.length >= count) return events.map(parseBlock)
      await this.#readOn()
    }
  }

  /** Reads on until these bytes are there. */
  async reads(bytes: string): Promise<void> {
    while (!this.#text.includes(bytes)) await this.#readOn()
  }

  /** Reads to the end and returns everything. */
  async rest(): Promise<string> {
    for (let chunk = await this.#reader.read(); !chunk.done; chunk = await this.#reader.read()) {
      this.#text += Buffer.from(chunk.value).toString()
    }
    return this.#text
  }

  cancel = () => this.#reader.cancel()

  async #readOn(): Promise<void> {
    const { done, value } = await this.#reader.read()
    if (done) throw new Error(`the stream ended after ${this.#text}`)
    this.#text += Buffer.from(value).toString()
  }
}

function parseBlock(block: string): { id: string | null; data: unknown } {
  return {
    id: /^id: (.*)$/m.exec(block)?.[1] ?? null,
    data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null'),
  }
}

const message = (seq: number, content: string) =>
  expect.objectContaining({
    id: String(seq),
    data: { type: 'new_message', message: expect.objectContaining({ seq, content }) },
  })

async function listen(at: HttpDesk, path: string, ask: Ask): Promise<Reader> {
  const response = await at.ask(path, ask)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  return new Reader(response)
}

test('a user hears of what is written from now on, with the seq as the id', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'before')
  const token = await at.token('alice')
  const reader = await listen(at, '/support_chat/events', { token })
  await at.chat('alice', 'one', 'two')
  expect(await reader.events(2)).toEqual([message(2, 'one'), message(3, 'two')])
})

test('[P4] a stream resumes after Last-Event-ID, which counts more than after', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one', 'two', 'three')
  const token = await at.token('alice')
  const resumed = await listen(at, '/support_chat/events?after=0', {
    token,
    headers: { 'last-event-id': '2' },
  })
  expect(await resumed.events(1)).toEqual([message(3, 'three')])
  const asked = await listen(at, '/support_chat/events?after=1', { token })
  expect(await asked.events(2)).toEqual([message(2, 'two'), message(3, 'three')])
})

test('[P4] a seq that does not exist yet resumes at the end, and the next message still comes', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one')
  const reader = await listen(at, '/support_chat/events?after=999', { token: await at.token('alice') })
  await at.chat('alice', 'two')
  expect(await reader.events(1)).toEqual([message(2, 'two')])
})

test('[P2] several hundred missed messages arrive once, in order, before what is new', async () => {
  await using at = await httpDesk()
  const contents = Array.from({ length: 250 }, (_, index) => `message ${index + 1}`)
  await at.chat('alice', ...contents)
  const reader = await listen(at, '/support_chat/events?after=0', { token: await at.token('alice') })
  await at.chat('alice', 'new')
  expect(await reader.events(251)).toEqual(
    [...contents, 'new'].map((content, index) => message(index + 1, content)),
  )
})

test('[P4] a stream with nothing to say gives a sign of life each 3 s', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one')
  const reader = await listen(at, '/support_chat/events', { token: await at.token('alice') })
  await reader.reads(':\n\n')
  const heardAt = performance.now()
  await reader.reads(':\n\n:\n\n')
  expect(performance.now() - heardAt).toBeGreaterThan(2_500)
  expect(performance.now() - heardAt).toBeLessThan(5_000)
})

test('[P7] a stream tells admins which of them answered, live and resumed, and users only by what name', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam-1', { role: 'admin', name: 'Sam' })
  const alice = await at.token('alice')
  const id = await at.chat('alice')
  const reply = () =>
    at.ask(`/admin/chats/${id}/messages`, { method: 'POST', body: { content: 'hi' }, token: sam })
  await reply()
  const [asAdmin, asUser] = [
    await listen(at, `/admin/chats/${id}/events?after=0`, { token: sam }),
    await listen(at, '/support_chat/events?after=0', { token: alice }),
  ]
  await reply()
  expect(await asAdmin.events(2)).toMatchObject(
    [1, 2].map(() => ({ data: { message: { sender_id: 'sam-1' } } })),
  )
  const heard = JSON.stringify(await asUser.events(2))
  expect(heard).toContain('"sender_name":"Sam"')
  expect(heard).not.toMatch(/sam-1|sender_id/)
})

test('admins hear of every chat, and of one they follow', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const id = await at.chat('alice', 'one')
  const all = await listen(at, '/admin/events', { token: sam })
  const one = await listen(at, `/admin/chats/${id}/events`, { token: sam })
  await at.chat('alice', 'two')
  expect(await one.events(1)).toEqual([message(2, 'two')])
  expect(await all.events(1)).toEqual([
    { id: null, data: expect.objectContaining({ type: 'new_user_message', chat_id: id }) },
  ])
})

test('[P7] nothing of another chat ever comes through a stream', async () => {
  await using at = await httpDesk()
  await at.chat('bob', 'mine')
  const bob = await listen(at, '/support_chat/events', { token: await at.token('bob') })
  await at.chat('alice', 'a secret of alice')
  await at.chat('bob', 'the last')
  expect(await bob.events(1)).toEqual([message(2, 'the last')])
  at.desk.revoke({ id: 'bob' })
  expect(await bob.rest()).not.toContain('secret of alice')
})

test('a stream ends when its caller is signed out, and nobody else’s does', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one')
  await at.chat('bob', 'one')
  const alice = await listen(at, '/support_chat/events', { token: await at.token('alice') })
  const bob = await listen(at, '/support_chat/events', { token: await at.token('bob') })
  at.desk.revoke({ id: 'alice' })
  await alice.rest()
  await at.chat('bob', 'two')
  expect(await bob.events(1)).toEqual([message(2, 'two')])
})

test('a stream ends when its token does', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one')
  const token = await at.token('alice', {}, 60_000)
  const reader = await listen(at, '/support_chat/events', { token })
  at.clock.advance(60_000)
  await reader.rest()
  expect((await at.ask('/support_chat/events', { token })).status).toBe(401)
})

test('a reader who takes nothing is let go before a mebibyte waits for them, and may resume', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one')
  const token = await at.token('alice')
  const reader = await listen(at, '/support_chat/events', { token })
  await at.chat('alice', ...Array.from({ length: 120 }, () => 'x'.repeat(10_000)))
  expect(await (await at.ask('//metrics')).text()).toContain('deskbell_connections{kind="events"} 0')
  await expect(reader.rest()).rejects.toThrow('too slow')
})

test('a reader who leaves is forgotten', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'one')
  const reader = await listen(at, '/support_chat/events', { token: await at.token('alice') })
  expect(await (await at.ask('//metrics')).text()).toContain('deskbell_connections{kind="events"} 1')
  await reader.cancel()
  expect(await (await at.ask('//metrics')).text()).toContain('deskbell_connections{kind="events"} 0')
})

test('a desk that stops ends its streams', async () => {
  const at = await httpDesk()
  await at.chat('alice', 'one')
  const reader = await listen(at, '/support_chat/events', { token: await at.token('alice') })
  await at[Symbol.asyncDispose]()
  expect(await reader.rest()).toContain('retry: 2000')
})
