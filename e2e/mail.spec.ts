import type { Page } from '@playwright/test'
import { DemoDesk } from './demo-desk.ts'
import { expect, test as people, type Supporter, Visitor } from './people.ts'

const test = people.extend<{ desk: DemoDesk }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start({ NOTIFY_AFTER: '1s' })
    await use(desk)
    await desk.remove()
  },
})

/** Alice asks and leaves; Sam answers. Resolves when the mail about it is in the mailbox. */
async function unreadReply(desk: DemoDesk, alice: Visitor, sam: Supporter, reply: string): Promise<void> {
  await alice.open()
  await alice.say('Does the monstera need much light?')
  await sam.chat('alice@example.com').click()
  await expect(sam.log).toContainText('much light')
  await alice.page.close()
  await sam.say(reply)
  await expect
    .poll(async () => await (await fetch(`${desk.url}/demo/mailbox`)).text(), { timeout: 30_000 })
    .toContain('New reply from')
}

test('a reply that stays unread is in the mailbox, and its button leads into the chat', async ({
  desk,
  visit,
  support,
  browser,
}) => {
  await unreadReply(desk, await visit('alice'), await support(), 'Some, but no sun at noon.')
  const page = await browser.newPage()
  await page.goto(`${desk.url}/demo/mailbox`)
  const mail = page.getByRole('group').first()
  await expect(mail).toContainText('New reply from Fern & Fold Support')
  await expect(mail).toContainText('alice@example.com')
  await expect(mail).toContainText('List-Unsubscribe=One-Click')
  await expect(mail).toContainText('> Some, but no sun at noon.')
  const part = page.frameLocator('iframe').first()
  await expect(part.getByRole('heading', { name: 'You have a new reply' })).toBeVisible()

  const link = await part.getByRole('link', { name: 'Open the chat' }).getAttribute('href')
  const back = new Visitor(await browser.newPage())
  await back.page.goto(link ?? '')
  await back.panel.waitFor()
  await expect(back.log).toContainText('no sun at noon')
})

test('a reply that is read in time is not e-mailed', async ({ desk, visit, support }) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('Hello?')
  await sam.chat('alice@example.com').click()
  await sam.say('Hello!')
  await expect(alice.log).toContainText('Hello!')
  const chatId = new URL(sam.page.url()).pathname.split('/').at(-1)
  const decided = async () => {
    const chat = await sam.page.evaluate(
      async (id) => await (await fetch(`/api/admin/chats/${id}`)).json(),
      chatId,
    )
    return (chat as { notifications: { state: string; reason: string | null }[] }).notifications.map(
      ({ state, reason }) => `${state} ${reason}`,
    )
  }
  await expect.poll(decided).toEqual(['skipped read'])
  expect(await (await fetch(`${desk.url}/demo/mailbox`)).text()).toContain('No e-mails yet')
})

test('whoever unsubscribes is asked first, can change their mind, and gets no more e-mails', async ({
  desk,
  visit,
  support,
  browser,
}) => {
  const sam = await support()
  await unreadReply(desk, await visit('alice'), sam, 'Some, but no sun at noon.')
  const page = await browser.newPage()
  await page.goto(`${desk.url}/demo/mailbox/html?mail=1`)
  const link = await page.getByRole('link', { name: 'Unsubscribe' }).getAttribute('href')
  await page.goto(link ?? '')
  await expect(page.getByRole('heading', { name: 'Stop these e-mails?' })).toBeVisible()
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  await expect(page.getByRole('heading', { name: 'No more e-mails' })).toBeVisible()
  await page.getByRole('button', { name: 'E-mail me again' }).click()
  await expect(page.getByRole('heading', { name: 'E-mails are on again' })).toBeVisible()
})

test('a mail is readable on a phone and a desktop, in light and in dark', async ({
  desk,
  visit,
  support,
  browser,
}) => {
  const long = 'https://example.com/a-very-long-address-that-does-not-break-anywhere/'.repeat(3)
  await unreadReply(desk, await visit('alice'), await support(), `Some, see ${long}`)
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 700]) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
      await page.goto(`${desk.url}/demo/mailbox/html?mail=1`)
      expect(await overflow(page), `${width} px, ${colorScheme}`).toBeLessThanOrEqual(0)
      const isDark = (await brightness(page, '.card')) < 0.3
      expect(isDark).toBe(colorScheme === 'dark')
      await page.screenshot({ path: test.info().outputPath(`mail-${width}-${colorScheme}.png`) })
      await page.close()
    }
  }
})

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

async function brightness(page: Page, selector: string): Promise<number> {
  const colour = await page.locator(selector).evaluate((node) => getComputedStyle(node).backgroundColor)
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number)
  return (red + green + blue) / 765
}
