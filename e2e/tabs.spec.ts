import type { BrowserContext, Page } from '@playwright/test'
import { FaultProxy } from './fault-proxy.ts'
import { expect, type Supporter, statusOf, storedTexts, test, Visitor } from './people.ts'

/** A name that is not the machine's own: without TLS, browsers give its pages no Web Locks. */
const WITHOUT_LOCKS = 'desk.test'

/** Alice's browser behind a network that can fail, and Sam whose own network is fine. */
const tabs = test.extend<{
  /** What the browser calls the desk. */
  hostName: string
  network: FaultProxy
  context: BrowserContext
  open: () => Promise<Visitor>
  sam: Supporter
}>({
  hostName: ['localhost', { option: true }],
  network: async ({ desk }, use) => {
    await using network = await FaultProxy.before(desk.url)
    await use(network)
  },
  // A browser of its own: not every one lives on after a page of it was killed.
  context: async ({ playwright, launchOptions }, use) => {
    const args = [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${WITHOUT_LOCKS} 127.0.0.1`]
    const browser = await playwright.chromium.launch({ ...launchOptions, args })
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } })
    await context.addInitScript(countStrokes)
    await use(context)
    await browser.close()
  },
  open: async ({ network, context, hostName }, use) => {
    const { port } = new URL(network.url)
    await use(async () => {
      const page = await context.newPage()
      await page.goto(`http://${hostName}:${port}/?as=alice`)
      return new Visitor(page)
    })
  },
  sam: async ({ support }, use) => use(await support()),
})

/** A bell has three partials, each an oscillator of its own. */
const PARTIALS = 3

function countStrokes(): void {
  const counted = globalThis as unknown as { partials: number }
  counted.partials = 0
  const { start } = OscillatorNode.prototype
  OscillatorNode.prototype.start = function (when) {
    counted.partials++
    start.call(this, when)
  }
}

async function strokes(people: Visitor[]): Promise<number> {
  const counts = people.map(({ page }) =>
    page.evaluate(() => (globalThis as unknown as { partials: number }).partials),
  )
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0) / PARTIALS
}

/** How often a text leaves the browser, by whatever way. */
function countSends(page: Page, text: string): { count: number } {
  const sends = { count: 0 }
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('send_message') && String(payload).includes(text)) sends.count++
    }),
  )
  // What fails while the browser is offline never left it.
  page.on('requestfinished', (request) => {
    if (request.method() === 'POST' && request.postData()?.includes(text)) sends.count++
  })
  return sends
}

const sending = ({ log }: Visitor) => log.getByText('Sending…')

tabs(
  'a message and its answer show in all tabs, and reading in one clears the badge of the others',
  async ({ open, sam }) => {
    const [one, two, three] = [await open(), await open(), await open()]
    await one.open()
    await two.open()
    await three.open()
    await one.say('in all of them')
    for (const tab of [one, two, three]) await expect(tab.log.getByText('in all of them')).toHaveCount(1)

    await sam.chat('alice@example.com').click()
    for (const tab of [one, two, three]) {
      await tab.page.keyboard.press('Escape')
      await expect(tab.panel).toBeHidden()
    }
    await sam.say('answered')
    for (const tab of [one, two, three])
      await expect(tab.launcher).toHaveAccessibleName('Open support chat, 1 unread message')
    await three.page.bringToFront()
    await three.open()
    for (const tab of [one, two]) await expect(tab.launcher).toHaveAccessibleName('Open support chat')
  },
)

tabs('one bell rings for a reply, whatever the number of tabs', async ({ open, sam }) => {
  const people = [await open(), await open(), await open()]
  const [one] = people
  for (const tab of people) await tab.open()
  await one?.say('Hello?')
  await sam.chat('alice@example.com').click()
  for (const tab of people) {
    await expect(tab.log.getByText('Hello?')).toHaveCount(1)
    await tab.page.bringToFront()
    await tab.page.keyboard.press('Escape')
    await expect(tab.panel).toBeHidden()
  }
  await sam.say('Yes?')
  for (const tab of people) await expect(tab.launcher).toHaveAccessibleName(/1 unread message$/)
  await expect.poll(() => strokes(people)).toBe(1)
  await sam.say('Still there?')
  for (const tab of people) await expect(tab.launcher).toHaveAccessibleName(/2 unread messages$/)
  expect(await strokes(people)).toBe(1)
})

for (const hostName of ['localhost', WITHOUT_LOCKS]) {
  tabs.describe(hostName === WITHOUT_LOCKS ? 'where there are no Web Locks' : 'with Web Locks', () => {
    tabs.use({ hostName })

    tabs(
      '[P3] what is written offline in one tab is on its way in the others, and sent by one of them',
      async ({ open, context, sam }) => {
        const [one, two] = [await open(), await open()]
        expect(await one.page.evaluate(() => 'locks' in navigator)).toBe(hostName !== WITHOUT_LOCKS)
        const text = 'written under ground'
        const sends = [countSends(one.page, text), countSends(two.page, text)]
        for (const tab of [one, two]) {
          await tab.page.reload() // so that its socket is seen as well
          await tab.open()
        }
        await one.say('before')
        await sam.chat('alice@example.com').click()
        for (const tab of [one, two]) await expect(tab.log.getByText('before')).toHaveCount(1)

        await context.setOffline(true)
        await one.say(text)
        for (const tab of [one, two]) await expect(sending(tab)).toHaveCount(1)
        await context.setOffline(false)
        await expect(sam.log.getByText(text)).toHaveCount(1)
        for (const tab of [one, two]) {
          await expect(tab.log.getByText(text)).toHaveCount(1)
          await expect(sending(tab)).toHaveCount(0)
        }
        expect(sends.filter(({ count }) => count > 0)).toHaveLength(1)
        expect(await storedTexts(sam.page)).toEqual(['before', text])
        const left = () =>
          one.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':unsent:')))
        await expect.poll(left).toEqual([])
      },
    )

    for (const end of ['closed', 'killed'] as const) {
      tabs(
        `[P3] a message of a tab that is ${end} while sending it is delivered once by another`,
        async ({ open, network, context, sam }) => {
          const [one, two] = [await open(), await open()]
          for (const tab of [one, two]) await tab.open()
          await one.say('before')
          await sam.chat('alice@example.com').click()
          for (const tab of [one, two]) await expect(tab.log.getByText('before')).toHaveCount(1)
          for (const tab of [one, two]) await expect(statusOf(tab)).toContainText('Online')

          network.become('stall')
          await one.say('taken over')
          await expect(sending(two)).toHaveCount(1)
          if (end === 'closed') {
            await one.page.close({ runBeforeUnload: false })
          } else {
            const cdp = await context.newCDPSession(one.page)
            const crashed = one.page.waitForEvent('crash')
            cdp.send('Page.crash').catch(() => {}) // nobody is left to answer
            await crashed
          }
          network.become('none')
          await expect(sam.log.getByText('taken over')).toHaveCount(1)
          await expect(two.log.getByText('taken over')).toHaveCount(1)
          await expect(sending(two)).toHaveCount(0)
          expect(await storedTexts(sam.page)).toEqual(['before', 'taken over'])
        },
      )
    }
  })
}
