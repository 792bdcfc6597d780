import type { Locator } from '@playwright/test'
import { openSocketsOf, scriptTag, tell, test, tokenFor, tracesOn, troubleOf } from './foreign-site.ts'
import { expect, Visitor } from './people.ts'

declare global {
  interface Window {
    asked: number
  }
}

/** How far from the left edge of the window it stands, once it has come to rest. */
const expectLeft = (locator: Locator, px: number) =>
  expect.poll(async () => Math.round((await locator.boundingBox())?.x ?? -1)).toBe(px)

test('the global and the element are one thing, and its verbs do what they say', async ({
  desk,
  host,
  page,
}) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const trouble = troubleOf(page)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await expect(ann.launcher).toBeVisible()
  const isOne = () => Object.is(window.Deskbell, document.querySelector('deskbell-chat'))
  expect(await page.evaluate(isOne)).toBe(true)

  await tell(page, 'open')
  await expect(ann.panel).toBeVisible()
  await expect(ann.composer).toBeFocused()
  await tell(page, 'close')
  await expect(ann.panel).toBeHidden()
  await tell(page, 'toggle')
  await expect(ann.panel).toBeVisible()
  await tell(page, 'hide')
  await expect(ann.panel).toBeHidden()
  await expect(ann.launcher).toBeHidden()
  await tell(page, 'show')
  await expect(ann.launcher).toBeVisible()

  const clientId = await tell(page, 'sendMessage', 'Hello from the page')
  expect(clientId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await tell(page, 'sendMessage', '   ')).toBe('')
  await tell(page, 'open')
  await expect(ann.log.getByText('Hello from the page')).toHaveCount(1)

  await tell(page, 'destroy')
  await expect(page.locator('deskbell-chat')).toHaveCount(0)
  expect(await tell(page, 'sendMessage', 'Too late')).toBe('')
  await tell(page, 'init')
  await expect(ann.launcher).toBeVisible()
  await tell(page, 'toggle')
  await expect(ann.log.getByText('Hello from the page')).toHaveCount(1)
  expect(trouble).toEqual([])
})

test("a host's own button opens the panel of a launcher that is hidden", async ({ desk, host, page }) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await tell(page, 'hide')
  await tell(page, 'open')
  await expect(ann.panel).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(ann.panel).toBeHidden()
  await expect(ann.launcher).toBeHidden()
})

for (const [where, place] of [
  ['at the end of the page', 'body'],
  ['in the head, before there is a body', 'head'],
] as const) {
  for (const attribute of ['', 'async']) {
    test(`what is queued before the script ${attribute} ${where} is done in order`, async ({
      desk,
      host,
      page,
    }) => {
      host[place] = `<script>
        window.heard = []
        ;(window.Deskbell ??= []).push(['on', 'open', () => heard.push('open')])
        Deskbell.push(['on', 'close', () => heard.push('close')])
        Deskbell.push(['identify', { token: '${tokenFor('ann')}' }], ['update', { appName: 'Fern & Fold' }])
        Deskbell.push(['open'])
        Deskbell.push(['close'])
        Deskbell.push(['noSuchVerb'])
        Deskbell.push(['sendMessage', 'One'])
        Deskbell.push(['sendMessage', 'Two'])
        Deskbell.push(['toggle'])
      </script>${scriptTag(desk, attribute)}`
      const trouble = troubleOf(page)
      const ann = new Visitor(page)
      await page.goto(host.origin)
      await expect(ann.panel).toBeVisible()
      await expect(ann.panel.getByRole('heading', { name: 'Fern & Fold' })).toBeVisible()
      await expect(ann.log.getByRole('listitem').getByText(/^(One|Two)$/)).toHaveText(['One', 'Two'])
      expect(await page.evaluate(() => window.heard)).toEqual(['open', 'close', 'open'])
      await expect(page.locator('deskbell-chat')).toHaveCount(1)
      expect(trouble).toEqual([])
    })
  }
}

test('what is destroyed before there is a body does not come', async ({ desk, host, page }) => {
  host.head = `${scriptTag(desk, `data-token="${tokenFor('ann')}"`)}<script>Deskbell.open(); Deskbell.destroy()</script>`
  await page.goto(host.origin)
  await page.waitForLoadState('networkidle')
  await expect(page.locator('deskbell-chat')).toHaveCount(0)
  await tell(page, 'init')
  await expect(new Visitor(page).launcher).toBeVisible()
})

test('the page hears what happens, once or until it stops listening, and so does the document', async ({
  desk,
  host,
  page,
  support,
}) => {
  host.body = `<script>
    window.heard = []
    for (const name of ['open', 'close', 'unread', 'message'])
      document.addEventListener('deskbell:' + name, ({ detail, target }) => heard.push([name, detail, target.localName]))
  </script>${scriptTag(desk, `data-token="${tokenFor('ann')}"`)}`
  const ann = new Visitor(page)
  const sam = await support()
  await page.goto(host.origin)
  await page.evaluate(() => {
    const deskbell = window.Deskbell
    const listener = () => window.heard.push('off')
    deskbell.on?.('open', listener)
    deskbell.off?.('open', listener)
    const stop = deskbell.on?.('open', () => window.heard.push('stopped')) as () => void
    stop()
    deskbell.once?.('open', () => window.heard.push('once'))
    deskbell.on?.('unread', (detail: unknown) => window.heard.push(detail))
  })
  await ann.open()
  await ann.say('Hello?')
  await page.keyboard.press('Escape')
  await tell(page, 'open')
  await tell(page, 'close')
  const opened = ['open', null, 'deskbell-chat']
  const closed = ['close', null, 'deskbell-chat']
  expect(await page.evaluate(() => window.heard.splice(0))).toEqual(['once', opened, closed, opened, closed])

  await sam.chat('ann@example.com').click()
  await sam.say('Hi Ann')
  const heard = [
    ['message', { content: 'Hi Ann', sender_type: 'admin' }, 'deskbell-chat'],
    ['unread', { count: 1 }, 'deskbell-chat'],
    { count: 1 },
  ]
  await expect.poll(() => page.evaluate(() => window.heard)).toHaveLength(heard.length)
  expect(await page.evaluate(() => window.heard.splice(0))).toEqual(expect.arrayContaining(heard))
  await tell(page, 'logout')
  expect(await page.evaluate(() => window.heard)).toContainEqual({ count: 0 })
})

test('identifying the same user again changes nothing', async ({ desk, host, page }) => {
  const token = tokenFor('ann')
  host.body = scriptTag(desk, 'data-visitor')
  const sockets = openSocketsOf(page)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await tell(page, 'identify', { token })
  await ann.open()
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  await expect.poll(() => sockets.count).toBe(1)
  await ann.composer.fill('half a sent')

  await tell(page, 'identify', { token })
  await tell(page, 'init', { token })
  await expect(ann.panel).toBeVisible()
  await ann.say('Still here')
  await expect(ann.log.getByText('Still here')).toBeVisible()
  expect(sockets.opened).toBe(1)
})

test("a host's function is asked for tokens, and again when they expire; another function is no one else", async ({
  desk,
  host,
  page,
}) => {
  // A token that is almost over is renewed before it is used.
  const tokens = [tokenFor('ann', 10), tokenFor('ann', 11), tokenFor('ann')]
  host.body = scriptTag(desk)
  const sockets = openSocketsOf(page)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  const identify = () =>
    page.evaluate((tokens) => {
      window.asked ??= 0
      const token = async () => tokens[Math.min(window.asked++, tokens.length - 1)]
      window.Deskbell.identify?.({ token })
    }, tokens)
  await identify()
  await ann.open()
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  // What is said shows before anything has been asked for it.
  await expect.poll(() => page.evaluate(() => window.asked)).toBeGreaterThanOrEqual(3)
  await expect.poll(() => sockets.count).toBe(1)
  await identify()
  await expect(ann.panel).toBeVisible()
  await ann.say('Again')
  await expect(ann.log.getByText('Again')).toBeVisible()
  expect(sockets.opened).toBe(1)
})

test('[P7] another user sees nothing of the one before, and their own chat', async ({ desk, host, page }) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const sockets = openSocketsOf(page)
  const someone = new Visitor(page)
  await page.goto(host.origin)
  await someone.open()
  await someone.say('I am Ann')
  await expect(someone.log.getByText('I am Ann')).toBeVisible()
  await tell(page, 'update', { token: tokenFor('ben') })
  await expect(someone.panel).toBeHidden()
  await expect.poll(() => sockets.count).toBe(0)
  await someone.open()
  await someone.say('I am Ben')
  await expect(someone.log.getByText('I am Ben')).toBeVisible()
  await expect(page.getByText('I am Ann')).toHaveCount(0)
  await expect.poll(() => sockets.count).toBe(1)
})

test('a call that overtakes another user wins, whatever is still being loaded', async ({
  desk,
  host,
  page,
}) => {
  host.body = scriptTag(desk, 'data-visitor')
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await page.evaluate((token) => {
    const deskbell = window.Deskbell
    deskbell.open?.()
    deskbell.identify?.({ token })
    deskbell.open?.()
  }, tokenFor('ann'))
  await expect(ann.panel).toBeVisible()
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  await expect(ann.panel).toHaveCount(1)
})

test('a visitor who signs in keeps the chat', async ({ desk, host, page, support }) => {
  host.body = scriptTag(desk, 'data-visitor')
  const ann = new Visitor(page)
  const sam = await support()
  await page.goto(host.origin)
  await ann.open()
  await ann.say('Before I had an account')
  await expect(sam.chats.getByText('Before I had an account')).toBeVisible()
  await tell(page, 'identify', { token: tokenFor('ann') })
  await expect(ann.panel).toBeVisible()
  await expect(ann.log.getByText('Before I had an account')).toBeVisible()
  await expect(sam.chat('ann@example.com')).toBeVisible()
  expect(await tracesOn(page)).toEqual([])
})

test('logging out leaves no trace on the machine, and no way back into the chat', async ({
  desk,
  host,
  page,
}) => {
  host.body = scriptTag(desk, 'data-visitor')
  const sockets = openSocketsOf(page)
  const someone = new Visitor(page)
  await page.goto(host.origin)
  await someone.open()
  await someone.say('Something private')
  await expect(someone.log.getByText('Something private')).toBeVisible()
  await expect(someone.log.getByText('Sent', { exact: true })).toBeVisible()
  await someone.composer.fill('a draft')
  await expect.poll(() => tracesOn(page)).toHaveLength(2)
  await desk.goAway()
  await someone.say('never sent')
  await expect.poll(() => tracesOn(page)).toHaveLength(2)

  await tell(page, 'logout')
  expect(await tracesOn(page)).toEqual([])
  await expect(someone.panel).toBeHidden()
  await desk.comeBack()
  await expect.poll(() => sockets.count).toBe(0)
  await page.reload()
  await someone.open()
  await expect(someone.composer).toBeVisible()
  await expect(page.getByText(/Something private|never sent/)).toHaveCount(0)
  expect(await tracesOn(page)).toEqual([])
})

test('a signed-in user who logs out has no launcher until someone signs in', async ({ desk, host, page }) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const someone = new Visitor(page)
  await page.goto(host.origin)
  await someone.open()
  await someone.say('I am Ann')
  await expect(someone.log.getByText('I am Ann')).toBeVisible()
  await tell(page, 'logout')
  await expect(someone.launcher).toBeHidden()
  expect(await tell(page, 'sendMessage', 'Nobody says this')).toBe('')
  expect(await page.locator('deskbell-chat').getAttribute('data-token')).toBeNull()
  expect(await tracesOn(page)).toEqual([])
  await tell(page, 'identify', { token: tokenFor('ben') })
  await someone.open()
  await expect(someone.composer).toBeVisible()
  await expect(page.getByText(/I am Ann|Nobody says this/)).toHaveCount(0)
})

test('another look is taken at once, without a new connection', async ({ desk, host, page }) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}" data-reply-time="Within a day"`)
  const sockets = openSocketsOf(page)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await tell(page, 'open')
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  await expect.poll(() => sockets.count).toBe(1)
  await expect(ann.panel.getByText('Within a day')).toBeVisible()

  await tell(page, 'update', {
    appName: 'Fern & Fold',
    replyTime: 'Within an hour',
    accent: 'rgb(0, 90, 40)',
  })
  await expect(ann.panel.getByRole('heading', { name: 'Fern & Fold' })).toBeVisible()
  await expect(ann.panel.getByText('Within an hour')).toBeVisible()
  await expect(ann.launcher).toHaveCSS('background-color', 'rgb(0, 90, 40)')
  await tell(page, 'update', { theme: 'dark' })
  await expect(ann.panel).toHaveCSS('background-color', 'rgb(28, 27, 26)')
  await tell(page, 'update', { theme: 'light' })
  await expect(ann.panel).toHaveCSS('background-color', 'rgb(255, 255, 255)')
  await tell(page, 'update', { position: 'left' })
  await expectLeft(ann.launcher, 20)
  await expectLeft(ann.panel, 20)
  await tell(page, 'update', { position: 'right' })
  await expectLeft(ann.launcher, 1280 - 20 - 56)
  await tell(page, 'update', { locale: 'de' })
  await expect(page.getByRole('button', { name: 'Support-Chat schließen' })).toBeVisible()
  await expect(page.getByRole('log').getByText('Hello')).toBeVisible()
  expect(sockets.opened).toBe(1)
})

test('what the attributes say is how it begins', async ({ desk, host, page }) => {
  const look = 'data-theme="dark" data-position="left" data-locale="de" data-accent="rgb(0, 90, 40)"'
  host.body = scriptTag(desk, `data-visitor data-app-name="Fern &amp; Fold" data-require-email ${look}`)
  await page.goto(host.origin)
  const launcher = page.getByRole('button', { name: 'Support-Chat öffnen' })
  await expect(launcher).toHaveCSS('background-color', 'rgb(0, 90, 40)')
  await expectLeft(launcher, 20)
  await launcher.click()
  const panel = page.getByRole('dialog')
  await expect(panel.getByRole('heading', { name: 'Fern & Fold' })).toBeVisible()
  await expect(panel).toHaveCSS('background-color', 'rgb(28, 27, 26)')
  await expect(panel.getByRole('textbox', { name: 'E-Mail' })).toBeFocused()
})

test('a script that is told to wait places nothing, and one that is told where the desk is goes there', async ({
  desk,
  host,
  page,
}) => {
  host.body = scriptTag(desk, 'data-manual')
  const ann = new Visitor(page)
  await page.goto(host.origin)
  await expect(page.locator('deskbell-chat')).toHaveCount(0)
  await tell(page, 'init', { token: tokenFor('ann'), api: `${desk.url}/nowhere` })
  await ann.open()
  await expect(ann.panel.getByText(/reach/)).toBeVisible()
  await tell(page, 'update', { api: `${desk.url}/api` })
  await ann.open()
  await ann.say('Here you are')
  await expect(ann.log.getByText('Here you are')).toBeVisible()
})

test('many unread replies are nine and a plus in either corner', async ({ desk, host, page, support }) => {
  host.body = scriptTag(desk, `data-position="left" data-token="${tokenFor('ann')}"`)
  const ann = new Visitor(page)
  const sam = await support()
  await page.goto(host.origin)
  await tell(page, 'sendMessage', 'Hello?')
  await sam.chat('ann@example.com').click()
  for (let count = 1; count <= 10; count += 1) await sam.say(`Answer ${count}`)
  await expect(ann.launcher).toHaveAccessibleName('Open support chat, 10 unread messages')
  const left = await ann.launcher.locator('span').evaluate(({ firstChild }) =>
    [0, 1].map((at) => {
      const range = new Range()
      range.setStart(firstChild as Node, at) // its text
      range.setEnd(firstChild as Node, at + 1)
      return range.getBoundingClientRect().left
    }),
  )
  expect(left[0]).toBeLessThan(left[1] ?? 0)
})
