import { type Fault, FaultProxy } from './fault-proxy.ts'
import { expect, type Supporter, statusOf, storedTexts, test, Visitor } from './people.ts'

/** Alice behind a network that can fail, and Sam whose own network is fine. */
const behind = test.extend<{ network: FaultProxy; alice: Visitor; sam: Supporter }>({
  network: async ({ desk }, use) => {
    await using network = await FaultProxy.before(desk.url)
    await use(network)
  },
  alice: async ({ network, browser }, use) => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${network.url}/?as=alice`)
    await use(new Visitor(page))
    await page.context().close()
  },
  sam: async ({ support }, use) => use(await support()),
})

for (const fault of ['down', 'stall', 'portal'] as const satisfies Fault[]) {
  behind(
    `[P1] [P3] [P4] a network that is ${fault} for a while loses nothing and doubles nothing`,
    async ({ network, alice, sam }) => {
      await alice.open()
      await alice.say('before')
      await sam.chat('alice@example.com').click()
      await expect(sam.log.getByText('before', { exact: true })).toBeVisible()
      await expect(statusOf(alice)).toContainText('Online')

      network.become(fault)
      await expect(statusOf(alice)).not.toContainText('Online')
      await alice.say('written meanwhile')
      await expect(alice.log.getByText('written meanwhile')).toBeVisible()
      await sam.say('answered meanwhile')
      await expect(sam.log.getByText('answered meanwhile')).toBeVisible()

      network.become('none')
      await expect(statusOf(alice)).toContainText('Online')
      await expect(alice.log.getByText('answered meanwhile')).toHaveCount(1)
      await expect(sam.log.getByText('written meanwhile')).toHaveCount(1)
      await expect(alice.log.getByText('written meanwhile')).toHaveCount(1)
      expect((await storedTexts(sam.page)).toSorted()).toEqual(
        ['answered meanwhile', 'before', 'written meanwhile'].toSorted(),
      )
    },
  )
}

for (const fault of ['no upgrade', 'hanging upgrade', 'buffer'] as const satisfies Fault[]) {
  behind(
    `[P3] [P4] where a proxy has ${fault}, both sides still talk, and the socket is taken once it can be had`,
    async ({ network, browser, sam }) => {
      network.become(fault)
      const page = await (await browser.newContext()).newPage()
      await page.goto(`${network.url}/?as=alice`)
      const alice = new Visitor(page)
      await alice.open()
      await alice.say('through the hatch')
      await sam.chat('alice@example.com').click()
      await expect(sam.log.getByText('through the hatch')).toHaveCount(1)
      await expect(statusOf(alice)).toContainText('Online')
      await sam.say('and back')
      await expect(alice.log.getByText('and back')).toHaveCount(1)

      const upgraded = page.waitForEvent('websocket', (socket) => socket.url().endsWith('/cable'))
      network.become('none')
      await upgraded
      await sam.say('by the front door')
      await expect(alice.log.getByText('by the front door')).toHaveCount(1)
      await alice.say('good')
      await expect(sam.log.getByText('good', { exact: true })).toHaveCount(1)
      expect(await storedTexts(sam.page)).toEqual([
        'through the hatch',
        'and back',
        'by the front door',
        'good',
      ])
      await page.context().close()
    },
  )
}

behind('[P2] [P3] a slow network keeps the order and doubles nothing', async ({ network, alice, sam }) => {
  await alice.open()
  network.delayMs = 700
  const texts = ['one', 'two', 'three', 'four']
  for (const text of texts) await alice.say(text)
  await sam.chat('alice@example.com').click()
  for (const text of texts) await expect(sam.log.getByText(text, { exact: true })).toHaveCount(1)
  expect(await storedTexts(sam.page)).toEqual(texts)
  await expect(alice.log.getByText('Sending…')).toHaveCount(0)
})

behind('[P3] a message whose answer never came back is stored once', async ({ network, alice, sam }) => {
  await alice.open()
  await alice.say('first')
  await sam.chat('alice@example.com').click()
  await expect(sam.log.getByText('first', { exact: true })).toBeVisible()
  network.delayMs = 2_000
  await alice.say('on its way')
  await expect(sam.log.getByText('on its way')).toHaveCount(1)
  // It is stored; the echo is still on the line that breaks now.
  network.become('down')
  network.delayMs = 0
  await alice.page.goto('about:blank')
  network.become('none')
  await alice.page.goto(`${network.url}/?as=alice`)
  await alice.open()
  await expect(alice.log.getByText('on its way')).toHaveCount(1)
  await expect(alice.log.getByText('Sending…')).toHaveCount(0)
  expect(await storedTexts(sam.page)).toEqual(['first', 'on its way'])
})

behind('[P4] a page that slept hears what was said meanwhile', async ({ alice, sam }) => {
  await alice.open()
  await alice.say('good night')
  await sam.chat('alice@example.com').click()
  await expect(sam.log.getByText('good night')).toBeVisible()
  const cdp = await alice.page.context().newCDPSession(alice.page)
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
  await sam.say('sleep well')
  await expect(sam.log.getByText('sleep well')).toBeVisible()
  await cdp.send('Page.setWebLifecycleState', { state: 'active' })
  await expect(alice.log.getByText('sleep well')).toHaveCount(1)
  await expect(statusOf(alice)).toContainText('Online')
})
