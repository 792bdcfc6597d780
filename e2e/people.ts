import AxeBuilder from '@axe-core/playwright'
import { type Browser, test as base, expect, type Locator, type Page } from '@playwright/test'
import { ADMIN, DemoDesk } from './demo-desk.ts'

/** Someone on the host page, with the widget. */
export class Visitor {
  readonly page: Page
  readonly panel: Locator
  readonly composer: Locator
  readonly log: Locator
  readonly launcher: Locator

  constructor(page: Page) {
    this.page = page
    this.launcher = page.getByRole('button', { name: /^(Open|Close) support chat/ })
    this.panel = page.getByRole('dialog', { name: 'Support chat' })
    this.log = this.panel.getByRole('log', { name: 'Messages' })
    this.composer = this.panel.getByRole('textbox', { name: 'Message' })
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: /^Open support chat/ }).click()
    await this.panel.waitFor()
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }
}

/** Someone of the support team, on the dashboard. */
export class Supporter {
  readonly page: Page
  readonly chats: Locator
  readonly log: Locator
  readonly composer: Locator

  constructor(page: Page) {
    this.page = page
    this.chats = page.getByRole('list', { name: 'Chats' })
    this.log = page.getByRole('log', { name: 'Messages' })
    this.composer = page.getByRole('textbox', { name: 'Message' })
  }

  chat(email: string): Locator {
    return this.chats.getByRole('link', { name: new RegExp(email.replaceAll('.', '\\.')) })
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }
}

/** A desk for each test, and people in browsers that share nothing. */
export const test = base.extend<{
  desk: DemoDesk
  visit: (as: 'alice' | 'bob' | 'visitor') => Promise<Visitor>
  support: () => Promise<Supporter>
  /** Another admin, with another account. */
  colleague: () => Promise<Supporter>
  leaving: undefined
}>({
  // Whose test is over would go on looking for its desk, in a browser that serves the next test.
  leaving: [
    async ({ browser }, use) => {
      await use(undefined)
      for (const context of browser.contexts()) await context.close()
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start()
    await use(desk)
    await desk.remove()
  },
  visit: async ({ desk, browser }, use) => {
    await use(async (as) => {
      const page = await newPage(browser)
      await page.goto(`${desk.url}/?as=${as}`)
      return new Visitor(page)
    })
  },
  support: async ({ desk, browser }, use) => {
    await use(async () => {
      const page = await newPage(browser)
      await page.goto(desk.signInLink)
      await page.getByRole('heading', { name: 'Support Chats' }).waitFor()
      return new Supporter(page)
    })
  },
  colleague: async ({ desk, browser }, use) => {
    await use(async () => {
      const page = await newPage(browser)
      await page.goto(`${desk.url}/admin`)
      await page.getByLabel('E-mail').fill(ADMIN.email)
      await page.getByLabel('Password').fill(ADMIN.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'Support Chats' }).waitFor()
      return new Supporter(page)
    })
  },
})

export { expect }

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  return await context.newPage()
}

/** The line with the dot that says whether the desk can be reached. */
export const statusOf = ({ panel }: Visitor) =>
  panel.getByRole('status').filter({ hasText: /Online|Connecting|Offline/ })

/** Reads further up, which the panel knows once it has heard of it. */
export const scrollUp = (log: Locator) =>
  log.evaluate(async (box) => {
    const scrolled = new Promise((resolve) => box.addEventListener('scroll', resolve, { once: true }))
    box.scrollTo({ top: 200, behavior: 'instant' })
    await scrolled
  })

/** What the desk has stored of the chat that an admin's page shows, in order. */
export async function storedTexts(page: Page): Promise<string[]> {
  const id = /chats\/([\w-]+)/.exec(page.url())?.[1] ?? ''
  return await page.evaluate(async (chatId) => {
    const answer = await fetch(`/api/admin/chats/${chatId}/messages?after=0&limit=200`)
    const messages = (await answer.json()) as { content: string }[]
    return messages.map(({ content }) => content)
  }, id)
}

/** A transition may be under way at the first look. An analysis takes a second or more on a small machine. */
export const expectAccessible = (page: Page) =>
  expect.poll(() => violationsOf(axeOn(page)), { timeout: 60_000 }).toEqual([])

/** Looks for what is wrong, all of it in the page itself: no frame here is from elsewhere, as `axe` expects otherwise. */
export const axeOn = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })

export async function violationsOf(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
