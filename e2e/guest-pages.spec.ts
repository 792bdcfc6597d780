import type { Page } from '@playwright/test'
import {
  type ForeignSite,
  openSocketsOf,
  scriptTag,
  tell,
  test,
  tokenFor,
  troubleOf,
} from './foreign-site.ts'
import { expect, Visitor } from './people.ts'

/** The widgets that can be seen on the page. */
const launchersOf = (page: Page) => page.locator('deskbell-chat:not([hidden])')

/** Ann has the panel open, has said hello and begun the next message. */
async function inConversation(page: Page, host: ForeignSite): Promise<Visitor> {
  const sockets = openSocketsOf(page)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await ann.open()
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  await expect.poll(() => sockets.count).toBe(1)
  await ann.composer.fill('half a sent')
  return ann
}

async function expectUndisturbed(ann: Visitor, sockets: { opened: number }): Promise<void> {
  await expect(ann.panel).toBeVisible()
  await expect(ann.composer).toHaveValue('half a sent')
  await ann.say('half a sentence')
  await expect(ann.log.getByText('half a sentence')).toBeInViewport()
  await expect(launchersOf(ann.page)).toHaveCount(1)
  expect(sockets.opened).toBe(1)
}

const CHANGES: Record<string, (page: Page, script: string) => Promise<unknown>> = {
  'another address of a single-page app': (page) =>
    page.evaluate(() => {
      history.pushState({}, '', '/elsewhere')
      history.replaceState({}, '', '/elsewhere?a=1')
      dispatchEvent(new PopStateEvent('popstate'))
    }),
  'the script evaluated again': async (page, script) => {
    await page.addScriptTag({ url: script })
    await page.addScriptTag({ url: `${script}?again` })
  },
  'a new body in place of the old one': (page) =>
    page.evaluate(() => {
      document.documentElement.replaceChild(document.createElement('body'), document.body)
      document.body.innerHTML = '<h1>Another page</h1>'
    }),
  'another language and title': (page) =>
    page.evaluate(() => {
      document.title = 'Somewhere else'
      document.documentElement.lang = 'en-GB'
    }),
  'its element put elsewhere': (page) =>
    page.evaluate(() => {
      const [chat] = document.getElementsByTagName('deskbell-chat')
      const main = document.createElement('main')
      document.body.append(main)
      if (chat) main.append(chat)
    }),
}

for (const [change, make] of Object.entries(CHANGES)) {
  test(`the open conversation goes on over ${change}`, async ({ desk, host, page }) => {
    host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
    const sockets = openSocketsOf(page)
    const trouble = troubleOf(page)
    const ann = await inConversation(page, host)
    await make(page, `${desk.url}/widget.js`)
    await expectUndisturbed(ann, sockets)
    expect(trouble).toEqual([])
  })
}

test('a long conversation is still at its end after the page replaced its body', async ({
  desk,
  host,
  page,
}) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const ann = await inConversation(page, host)
  for (let line = 1; line <= 12; line += 1) await ann.say(`Line ${line}\n\n\nof a long story`)
  await expect(ann.log.getByText('Line 12')).toBeInViewport()
  await page.evaluate(() => {
    document.documentElement.replaceChild(document.createElement('body'), document.body)
  })
  await expect(ann.log.getByText('Line 12')).toBeInViewport()
})

test('a script that is evaluated again brings back what was destroyed', async ({ desk, host, page }) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const ann = await inConversation(page, host)
  await tell(page, 'destroy')
  await page.evaluate(
    ([src, token]) => {
      const script = document.createElement('script')
      Object.assign(script, { src })
      script.dataset.token = token
      document.head.append(script)
    },
    [`${desk.url}/widget.js`, tokenFor('ben')],
  )
  await ann.open()
  await expect(ann.composer).toBeFocused()
  await expect(page.getByText('Hello')).toHaveCount(0)
  await expect(launchersOf(page)).toHaveCount(1)
})

test('[P7] two widgets of two users on one page do not disturb each other', async ({ desk, host, page }) => {
  host.body = `<deskbell-chat id="ben" data-position="left" data-token="${tokenFor('ben')}"></deskbell-chat>
    ${scriptTag(desk, `data-position="right" data-token="${tokenFor('ann')}"`)}`
  await page.goto(host.origin)
  await expect(launchersOf(page)).toHaveCount(2)
  const boxOf = (selector: string) => ({
    launcher: page.locator(selector).getByRole('button', { name: /^(Open|Close) support chat/ }),
    panel: page.locator(selector).getByRole('dialog'),
  })
  const [ann, ben] = [boxOf('deskbell-chat:not(#ben)'), boxOf('#ben')]
  for (const [person, text] of [
    [ann, 'I am Ann'],
    [ben, 'I am Ben'],
  ] as const) {
    await person.launcher.click()
    await person.panel.getByRole('textbox').fill(text)
    await page.keyboard.press('Enter')
    await expect(person.panel.getByText(text)).toHaveCount(1)
  }
  await expect(ann.panel.getByText('I am Ben')).toHaveCount(0)
  await expect(ben.panel.getByText('I am Ann')).toHaveCount(0)

  await tell(page, 'destroy')
  await expect(ann.panel).toHaveCount(0)
  await ben.panel.getByRole('textbox').fill('Still here')
  await page.keyboard.press('Enter')
  await expect(ben.panel.getByText('Still here')).toHaveCount(1)
})

test("the page's own element is what the script speaks for", async ({ desk, host, page }) => {
  host.body = `<deskbell-chat data-token="${tokenFor('ann')}"></deskbell-chat>${scriptTag(desk, 'data-app-name="Fern"')}`
  const ann = await inConversation(page, host)
  await expect(launchersOf(page)).toHaveCount(1)
  await expect(ann.panel.getByRole('heading', { name: 'Fern' })).toBeVisible()
  await tell(page, 'close')
  await expect(ann.panel).toBeHidden()
})
