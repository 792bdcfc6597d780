import type { Page } from '@playwright/test'
import { DemoDesk } from './demo-desk.ts'
import { FaultProxy } from './fault-proxy.ts'
import { DESKBELL_SECRET, HostUser } from './host-user.ts'
import { expect, test as people } from './people.ts'

const test = people.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET })
    await use(desk)
    await desk.remove()
  },
})

/** The list as the desk has it now: who, what was said last, and whether it is unread. */
async function listed(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const answer = await fetch('/api/admin/chats')
    const chats = (await answer.json()) as {
      user_email: string
      last_message_preview: string
      unread: boolean
    }[]
    return chats.map((chat) => `${chat.user_email} ${chat.last_message_preview} ${chat.unread}`)
  })
}

/** The same as a page shows it. */
async function shown(page: Page): Promise<string[]> {
  const cards = await page.getByRole('list', { name: 'Chats' }).getByRole('link').allInnerTexts()
  return cards.map((card) => {
    const lines = card.split('\n').filter((line) => line.length > 1)
    const isUnread = lines.includes('unread')
    const [person = '', preview = ''] = lines.filter((line) => line !== 'unread' && line.trim() !== 'You:')
    return `${person.split(' ')[0]} ${preview} ${isUnread}`
  })
}

/** Works as the admin of a page, without showing it. */
const call = (page: Page, method: string, path: string, body?: object) =>
  page.evaluate(
    async ([method, path, body]) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`/api/admin${path}`, { method, headers, body })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`)
    },
    [method, path, body ? JSON.stringify(body) : null] as const,
  )

for (const fault of ['down', 'stall'] as const) {
  test(`[P4] after a network that was ${fault}, list and conversation equal the desk within 5 s`, async ({
    desk,
    browser,
    colleague,
  }) => {
    const rita = await colleague()
    const write = (name: string, ...texts: string[]) =>
      HostUser.writes(desk, { sub: name, email: `${name}@example.com`, name }, ...texts)
    const [answered, viewed, archived, erased] = [
      await write('answered', 'Answer me'),
      await write('viewed', 'View me'),
      await write('archived', 'Archive me'),
      await write('erased', 'Erase me'),
    ]
    const restored = await write('restored', 'Restore me')
    await call(rita.page, 'POST', `/chats/${restored.chatId}/archive`)

    await using network = await FaultProxy.before(desk.url)
    const sam = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
    const link = new URL(desk.signInLink)
    await sam.goto(network.url + link.pathname + link.search)
    const open = sam.getByRole('list', { name: 'Chats' }).getByRole('link', { name: /archived@/ })
    await open.click()
    await expect(sam.getByRole('log').getByText('Archive me')).toBeVisible()
    await archived.say('Really')
    await expect(sam.getByRole('log').getByText('Really')).toBeVisible()

    network.become(fault)
    await expect(sam.getByText('Connection lost')).toBeVisible()
    await call(rita.page, 'POST', `/chats/${answered.chatId}/messages`, { content: 'Here you are' })
    await call(rita.page, 'POST', `/chats/${viewed.chatId}/viewed`, {})
    await call(rita.page, 'POST', `/chats/${archived.chatId}/messages`, { content: 'Done' })
    await call(rita.page, 'POST', `/chats/${archived.chatId}/archive`)
    await archived.read()
    await call(rita.page, 'POST', `/chats/${restored.chatId}/unarchive`)
    await call(rita.page, 'DELETE', `/users/${await userOf(rita.page, erased.chatId)}`, {
      confirm: 'erased@example.com',
    })
    await write('late', 'While you were away')

    network.become('none')
    await expect.poll(() => shown(sam), { timeout: 5_000 }).toEqual(await listed(rita.page))
    await expect(sam.getByRole('log').getByText('Done')).toBeVisible({ timeout: 5_000 })
    await expect(sam.getByRole('log').getByText(/^Seen/)).toBeAttached()
    await expect(sam.getByRole('button', { name: 'Restore', exact: true })).toBeVisible({ timeout: 5_000 })
    await expect(sam.getByText('Connection lost')).toBeHidden()
    await expect(sam).toHaveTitle(`(${await unreadChats(rita.page)}) Support Chats`, { timeout: 5_000 })
    await sam.context().close()
  })
}

const userOf = (page: Page, chatId: string) =>
  page.evaluate(async (id) => {
    const answer = await fetch(`/api/admin/chats/${id}`)
    return ((await answer.json()) as { user_id: string }).user_id
  }, chatId)

const unreadChats = (page: Page) =>
  page.evaluate(async () => {
    const answer = await fetch('/api/admin/chats/summary')
    return ((await answer.json()) as { unread_count: number }).unread_count
  })

test('unread chats are counted by the desk, also those that no page of the list has brought', async ({
  desk,
  support,
  colleague,
}) => {
  const rita = await colleague()
  const write = (name: string) =>
    HostUser.writes(desk, { sub: name, email: `${name}@example.com`, name }, 'Is anyone there?')
  const [viewed, archived, erased] = [await write('viewed'), await write('archived'), await write('erased')]
  await Promise.all(Array.from({ length: 57 }, (_, index) => write(`writer-${index}`)))
  const { page } = await support()
  const furtherPages: string[] = []
  page.on('request', (request) => /cursor=/.test(request.url()) && furtherPages.push(request.url()))
  await page.reload()
  await expect(page).toHaveTitle('(60) Support Chats')
  await call(rita.page, 'POST', `/chats/${viewed.chatId}/viewed`, {})
  await expect(page).toHaveTitle('(59) Support Chats')
  await call(rita.page, 'POST', `/chats/${archived.chatId}/archive`)
  await expect(page).toHaveTitle('(58) Support Chats')
  await call(rita.page, 'DELETE', `/users/${await userOf(rita.page, erased.chatId)}`, {
    confirm: 'erased@example.com',
  })
  await expect(page).toHaveTitle('(57) Support Chats')
  for (const each of [viewed, viewed, archived]) await each.say('Hello?')
  await expect(page).toHaveTitle('(59) Support Chats')
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute('href', /%3E9%2B%3C%2Ftext/)
  expect(furtherPages).toEqual([])
})

test('what fails says so and can be repeated; a chat that a colleague erased is gone from the screen', async ({
  desk,
  support,
  colleague,
}) => {
  const [sam, rita] = [await support(), await colleague()]
  const carol = await HostUser.writes(desk, { sub: 'carol', email: 'carol@example.com', name: 'Carol' }, 'Hi')
  await sam.chat('carol@example.com').click()
  await expect(sam.log.getByText('Hi')).toBeVisible()

  await sam.page.route('**/archive', (route) => route.abort())
  await sam.page.getByRole('button', { name: 'Archive', exact: true }).click()
  await expect(sam.page.getByText('The chat could not be archived.')).toBeVisible()
  await expect(sam.chat('carol@example.com')).toBeVisible()
  await sam.page.unroute('**/archive')
  await sam.page.getByRole('button', { name: 'Retry' }).click()
  await expect(rita.chat('carol@example.com')).toBeHidden()
  await sam.page.getByRole('button', { name: 'Undo' }).click()
  await expect(rita.chat('carol@example.com')).toBeVisible()

  await call(rita.page, 'DELETE', `/users/${await userOf(rita.page, carol.chatId)}`, {
    confirm: 'carol@example.com',
  })
  await expect(sam.page.getByRole('heading', { name: 'There is no such chat' })).toBeVisible()
  await expect(sam.page.getByRole('heading', { name: 'All quiet' })).toBeVisible()
})
