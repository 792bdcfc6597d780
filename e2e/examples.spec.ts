import type { Page } from '@playwright/test'
import { freePort } from '../packages/server/src/testing/free-port.ts'
import { DemoDesk } from './demo-desk.ts'
import { EXAMPLES, ExampleApp } from './example-app.ts'
import { expect, test, Visitor } from './people.ts'

const DESKBELL_SECRET = 'shared by the desk and the app that it helps'

/** An example app on a desk's allowed origin. */
const beside = test.extend<{ port: number }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  port: async ({}, use) => use(await freePort()),
  desk: async ({ port }, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET, ALLOWED_ORIGINS: `http://localhost:${port}` })
    await use(desk)
    await desk.remove()
  },
})

/** What the page says that its own code knows of the chat. */
const said = (page: Page, term: string) => page.locator('dt', { hasText: term }).locator('+ dd')

/** Shows the panel that is a part of the page itself. */
const showPanel = (page: Page) =>
  page
    .getByRole('link', { name: 'Help' })
    .or(page.getByRole('checkbox', { name: 'Show the chat' }))
    .click()

/** The cables that the page opens from now on. */
const socketsOf = (page: Page) => {
  const sockets: string[] = []
  page.on('websocket', (socket) => {
    if (socket.url().endsWith('/cable')) sockets.push(socket.url())
  })
  return sockets
}

for (const example of EXAMPLES) {
  test.describe(`the ${example.name} example`, () => {
    test.beforeAll(() => ExampleApp.build(example))

    beside('asks support from its page, and gets the answer live', async ({ desk, port, page, support }) => {
      const env = { DESKBELL_SECRET, DESK_URL: desk.url, VITE_DESK_URL: desk.url }
      await using app = await ExampleApp.start(example, port, env)
      const sockets = socketsOf(page)
      const alice = new Visitor(page)
      await page.goto(app.url)
      await expect(said(page, 'Messages')).toHaveText('0')
      await expect(said(page, 'Open')).toHaveText('no')

      await page.getByRole('button', { name: 'Ask about it' }).click()
      await expect(alice.log.getByText('Where is my order 1042?')).toHaveCount(1)
      await expect(said(page, 'Open')).toHaveText('yes')
      await expect(said(page, 'Connected')).toHaveText('yes')

      const sam = await support()
      await sam.chat('alice@example.com').click()
      await expect(sam.log.getByText('Where is my order 1042?')).toHaveCount(1)
      await sam.say('On its way to you')
      await expect(alice.log.getByText('On its way to you')).toHaveCount(1)
      await expect(said(page, 'Messages')).toHaveText('2')
      await expect(said(page, 'Unread')).toHaveText('0')

      await page.keyboard.press('Escape')
      await expect(said(page, 'Open')).toHaveText('no')
      await sam.say('It should be there tomorrow')
      await expect(said(page, 'Unread')).toHaveText('1')
      await expect(alice.launcher).toHaveAccessibleName('Open support chat, 1 unread message')
      await alice.open()
      await expect(said(page, 'Unread')).toHaveText('0')
      await expect(said(page, 'Messages')).toHaveText('3')

      await page.keyboard.press('Escape')
      await expect(alice.panel).toBeHidden()
      await showPanel(page)
      const inPage = page.getByRole('main').getByRole('region', { name: 'Support chat' })
      await expect(inPage.getByRole('log').getByText('It should be there tomorrow')).toHaveCount(1)
      await inPage.getByRole('textbox', { name: 'Message' }).fill('Thank you!')
      await page.keyboard.press('Enter')
      await expect(sam.log.getByText('Thank you!')).toHaveCount(1)
      expect(sockets).toHaveLength(1)
    })
  })
}
