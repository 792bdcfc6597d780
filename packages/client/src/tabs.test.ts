import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createConnection } from './connection.ts'
import { createAdminChat } from './support-chat.ts'
import { settled } from './testing/fake-clock.ts'
import { MemoryBrowser, type MemoryTab } from './testing/memory-browser.ts'
import { ADMIN_TOKEN } from './testing/memory-desk.ts'

const WITHOUT_LOCKS = { locks: null }

async function twoTabs(browser: MemoryBrowser): Promise<[MemoryTab, MemoryTab]> {
  const tabs: [MemoryTab, MemoryTab] = [browser.open(), browser.open()]
  await browser.live(500)
  return tabs
}

function goOffline({ desk }: MemoryBrowser): void {
  desk.isUp = false
  desk.cut()
}

const textsIn = ({ desk }: MemoryBrowser) => desk.log.map(({ content }) => content)

for (const [name, options] of [
  ['Web Locks', {}],
  ['a lease', WITHOUT_LOCKS],
] as const) {
  test(`[P2] [P3] with ${name}, what several tabs write is sent by one of them, each once and in order`, async () => {
    using browser = new MemoryBrowser(options)
    const [one, two] = await twoTabs(browser)
    goOffline(browser)
    one.chat.send('first')
    await browser.live(1_000)
    two.chat.send('second')
    await browser.live(1_000)
    one.chat.send('third')
    await browser.live(1_000)
    const written = ['first', 'second', 'third']
    for (const tab of [one, two]) expect(tab.sees()).toEqual(written.map((text) => `${text} (sending)`))
    browser.desk.isUp = true
    await browser.live(10_000)
    for (const tab of [one, two]) expect(tab.sees()).toEqual(written)
    expect(textsIn(browser)).toEqual(written)
    expect(browser.desk.attempts).toHaveLength(3)
    expect(browser.storage.kept.size).toBe(0)
  })

  test(`[P3] with ${name}, another tab takes over when the sending one is killed`, async () => {
    using browser = new MemoryBrowser(options)
    const [one, two] = await twoTabs(browser)
    one.chat.send('Hello')
    await browser.clock.advance(1_000)
    expect(two.sees()).toEqual(['Hello (sending)'])
    one.kill()
    await browser.live(8_000)
    expect(two.sees()).toEqual(['Hello'])
    expect(textsIn(browser)).toEqual(['Hello'])
    expect(browser.storage.kept.size).toBe(0)
  })

  test(`[P3] with ${name}, another tab takes over when the sending one sleeps`, async () => {
    using browser = new MemoryBrowser(options)
    const [one, two] = await twoTabs(browser)
    goOffline(browser)
    one.chat.send('Hello')
    await browser.live(1_000)
    one.sleep()
    browser.desk.isUp = true
    await browser.live(30_000)
    expect(two.sees()).toEqual(['Hello'])
    one.awake()
    await browser.live(10_000)
    expect(one.sees()).toEqual(['Hello'])
    expect(textsIn(browser)).toEqual(['Hello'])
    expect(browser.storage.kept.size).toBe(0)
  })
}

test('[P3] a message that one tab sends is never sent by another at the same time', async () => {
  using browser = new MemoryBrowser()
  const [one, two] = await twoTabs(browser)
  one.chat.send('Hello')
  await settled()
  two.wake()
  await browser.clock.advance(4_000)
  await browser.desk.flush()
  expect(browser.desk.attempts).toHaveLength(1)
  await browser.live(1_000)
  expect(browser.locks.wishes('deskbell:unsent:alice:turn')).toBe(0)
})

test('a message that another tab got through stays in sight until the log shows it', async () => {
  using browser = new MemoryBrowser()
  const [one, two] = await twoTabs(browser)
  const seen: string[][] = []
  two.chat.subscribe(() => seen.push(two.sees()))
  one.chat.send('Hello')
  await browser.live(2_000)
  expect(seen.filter((texts) => texts.length !== 1)).toEqual([])
  expect(two.sees()).toEqual(['Hello'])
})

test('a failed message is failed in every tab, and retrying or deleting it in one counts in all', async () => {
  using browser = new MemoryBrowser()
  const [one, two] = await twoTabs(browser)
  browser.desk.refusals = Array(2).fill({ code: 'forbidden', message: 'Not now.' })
  const first = one.chat.send('one')
  const second = one.chat.send('two')
  await browser.live(500)
  for (const tab of [one, two]) expect(tab.sees()).toEqual(['one (failed)', 'two (failed)'])
  expect(two.chat.getSnapshot().messages[0]?.error).toEqual({ code: 'forbidden', message: 'Not now.' })
  two.chat.discard(first)
  two.chat.retry(second)
  await settled()
  expect(one.sees()).toEqual(['two (sending)'])
  await browser.live(500)
  for (const tab of [one, two]) expect(tab.sees()).toEqual(['two'])
  expect(browser.storage.kept.size).toBe(0)
})

test('the first message of a visitor gets one identity, and the other tab follows the chat', async () => {
  using browser = new MemoryBrowser({ isVisitor: true, token: undefined })
  browser.desk.chatExists = false
  const [one, two] = await twoTabs(browser)
  one.chat.send('Hello')
  await browser.live(3_000)
  for (const tab of [one, two]) expect(tab.sees()).toEqual(['Hello'])
  expect(browser.desk.calls.filter((call) => call === 'POST /visitors')).toHaveLength(1)
  browser.desk.reply('Good morning')
  await browser.live(500)
  for (const tab of [one, two]) expect(tab.sees()).toEqual(['Hello', 'Good morning'])
})

test('a storage that is full or forbidden costs the sharing, not the message', async () => {
  for (const state of ['full', 'forbidden'] as const) {
    for (const options of [{}, WITHOUT_LOCKS]) {
      using browser = new MemoryBrowser(options)
      const [one, two] = await twoTabs(browser)
      browser.storage.state = state
      one.chat.send('from one')
      two.chat.send('from two')
      await browser.live(10_000)
      expect(textsIn(browser).toSorted()).toEqual(['from one', 'from two'])
      for (const tab of [one, two]) expect(tab.sees()).toEqual(textsIn(browser))
    }
  }
})

test('[P1] a host that empties the whole storage loses no message', async () => {
  using browser = new MemoryBrowser()
  const [one, two] = await twoTabs(browser)
  goOffline(browser)
  one.chat.send('Hello')
  await browser.live(1_000)
  two.clearStorage()
  browser.desk.isUp = true
  await browser.live(20_000)
  for (const tab of [one, two]) expect(tab.sees()).toEqual(['Hello'])
  expect(textsIn(browser)).toEqual(['Hello'])
})

test('[P1] nor does one that empties it while the desk asks for a pause', async () => {
  using browser = new MemoryBrowser()
  const [one, two] = await twoTabs(browser)
  browser.desk.refusals = [{ code: 'rate_limited', message: 'Slow down.', retry_after: 5 }]
  one.chat.send('Hello')
  await browser.live(500)
  two.clearStorage()
  await browser.live(20_000)
  for (const tab of [one, two]) expect(tab.sees()).toEqual(['Hello'])
})

test('what one user of the browser wrote is nothing of another whose id begins alike', async () => {
  using browser = new MemoryBrowser()
  goOffline(browser)
  const one = browser.open()
  one.chat.send('mine')
  await settled()
  for (const [key, value] of [...browser.storage.kept]) {
    browser.storage.kept.delete(key)
    browser.storage.kept.set(key.replace(':alice:', ':alice:bob:'), value)
  }
  one.kill()
  browser.desk.isUp = true
  const two = browser.open()
  await browser.live(2_000)
  expect(two.sees()).toEqual([])
  expect(browser.storage.kept.size).toBe(1)
})

test('an admin’s tabs share what was written to a chat', async () => {
  using browser = new MemoryBrowser()
  const { desk, clock, storage, locks } = browser
  desk.note('Hello')
  const open = () => {
    const options = { WebSocket: desk.WebSocket, clock, token: ADMIN_TOKEN }
    const connection = createConnection({ url: 'wss://desk.test/cable', ...options })
    const common = { baseUrl: 'https://desk.test/api', fetch: desk.fetch, clock, random: () => 0, locks }
    const chat = createAdminChat({ ...common, ...storage.tab(), connection, chatId: 'chat-1' })
    void chat.open()
    return { chat, connection }
  }
  const tabs = [open(), open()]
  await browser.live(500)
  goOffline(browser)
  tabs[0]?.chat.send('Good morning')
  await browser.live(500)
  for (const { chat } of tabs) expect(chat.getSnapshot().messages.at(-1)?.state).toBe('sending')
  desk.isUp = true
  await browser.live(8_000)
  for (const { chat } of tabs)
    expect(chat.getSnapshot().messages.map(({ state }) => state)).toEqual(['sent', 'sent'])
  expect(desk.attempts).toHaveLength(1)
  expect(storage.kept.size).toBe(0)
  for (const { chat, connection } of tabs) {
    chat.close()
    connection.close()
  }
})

type Step =
  | { kind: 'send' | 'kill' | 'reload' | 'sleep' | 'awake' | 'wake'; tab: number }
  | { kind: 'open' | 'cut' | 'outage' | 'back' | 'stall' | 'reject' | 'flush' | 'live' }
  | { kind: 'wait'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send'), tab: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('kill', 'reload', 'sleep', 'awake', 'wake'),
      tab: fc.nat(3),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('open', 'cut', 'outage', 'back', 'stall', 'reject', 'flush', 'live'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(9_000) }) },
)

/** What was written, by the tab that wrote it; a reload is the same tab to its user. */
type Written = Map<MemoryTab, string[]>

async function take(
  browser: MemoryBrowser,
  step: Step,
  written: Written,
  writers: string[][],
): Promise<void> {
  const { desk, tabs } = browser
  const tab = 'tab' in step ? tabs[step.tab % tabs.length] : undefined
  switch (step.kind) {
    case 'send': {
      const text = `message ${writers.flat().length}`
      if (!tab?.isAwake) break
      written.get(tab)?.push(text)
      tab.chat.send(text)
      break
    }
    case 'kill':
      if (tabs.length > 1) tab?.kill()
      break
    case 'reload': {
      if (!tab) break
      const texts = written.get(tab)
      tab.close()
      await browser.clock.advance(50) // no reload is quicker, not even than the moments of 30 messages written in one
      written.set(browser.open(), texts ?? [])
      await settled()
      break
    }
    case 'sleep':
      tab?.sleep()
      break
    case 'awake':
      tab?.awake()
      break
    case 'wake':
      tab?.wake()
      break
    case 'open': {
      if (tabs.length > 3) break
      const texts: string[] = []
      writers.push(texts)
      written.set(browser.open(), texts)
      await settled()
      break
    }
    case 'cut':
      desk.cut()
      break
    case 'outage':
      goOffline(browser)
      break
    case 'back':
      desk.isUp = true
      break
    case 'stall':
      desk.stall()
      break
    case 'reject':
      desk.refusals.push({ code: 'rate_limited', message: 'Slow down.', retry_after: 1 })
      break
    case 'flush':
      await desk.flush()
      break
    case 'live':
      await browser.live(8_000)
      break
    case 'wait':
      await browser.clock.advance(step.ms)
  }
}

for (const [name, options] of [
  ['Web Locks', {}],
  ['a lease', WITHOUT_LOCKS],
] as const) {
  test(`[P2] [P3] with ${name}, whatever becomes of tabs and network, each text is stored once, in the order of its tab`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, count) => {
          using browser = new MemoryBrowser(options)
          const { desk } = browser
          const written: Written = new Map()
          const writers: string[][] = []
          for (let each = 0; each < count; each++) await take(browser, { kind: 'open' }, written, writers)
          await browser.live(500)
          for (const each of steps) await take(browser, each, written, writers)
          desk.isUp = true
          desk.cut()
          desk.refusals = []
          for (const tab of browser.tabs) tab.awake()
          const isDone = () =>
            browser.storage.kept.size === 0 &&
            browser.tabs.every(
              (tab) =>
                tab.sees().length === desk.log.length && tab.sees().every((text) => !text.endsWith(')')),
            )
          await browser.live(5_000)
          for (let more = 0; more < 20 && !isDone(); more++) await browser.live(5_000)

          const stored = textsIn(browser)
          expect(stored.toSorted()).toEqual(writers.flat().toSorted())
          for (const texts of writers) expect(stored.filter((text) => texts.includes(text))).toEqual(texts)
          for (const tab of browser.tabs) expect(tab.sees()).toEqual(stored)
          expect([...browser.storage.kept]).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
}
