import type { Page } from '@playwright/test'
import {
  openSocketsOf,
  requestsOf,
  scriptTag,
  tell,
  test,
  tokenFor,
  tracesOn,
  troubleOf,
} from './foreign-site.ts'
import { expect, Visitor } from './people.ts'

declare global {
  interface Window {
    violations: string[]
    /** What is still listened to, waited for or watched. */
    held: Map<unknown, string>
    before: Record<string, string>
  }
}

const idle = (page: Page) =>
  page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => resolve())))

test('before the page is idle only the script is asked for, and then only whether there is news', async ({
  desk,
  host,
  page,
}) => {
  host.body = `<img src="/slow.png">${scriptTag(desk, `data-token="${tokenFor('ann')}"`)}`
  const requests = requestsOf(page, desk)
  const sockets = openSocketsOf(page)
  let loadImage = () => {}
  const isImageWanted = new Promise<void>((wanted) => {
    void page.route('**/slow.png', async (route) => {
      wanted()
      await new Promise<void>((resolve) => {
        loadImage = resolve
      })
      await route.fulfill({ status: 204 })
    })
  })
  await page.goto(host.origin, { waitUntil: 'commit' })
  await isImageWanted
  await expect(new Visitor(page).launcher).toBeVisible()
  await idle(page)
  expect(requests).toEqual(['GET /widget.js'])

  loadImage()
  await page.waitForLoadState('load')
  const summary = 'GET /api/support_chat/summary'
  await expect.poll(() => requests).toContain(summary)
  await page.waitForLoadState('networkidle')
  expect(requests.filter((request) => !request.startsWith('OPTIONS'))).toEqual(['GET /widget.js', summary])
  expect(sockets.opened).toBe(0)
  expect(await tracesOn(page)).toEqual([])
})

test('of a visitor who only looks, nothing is stored, and nobody is told', async ({
  desk,
  host,
  page,
  support,
}) => {
  host.body = scriptTag(desk, 'data-visitor')
  const requests = requestsOf(page, desk)
  const visitor = new Visitor(page)
  await page.goto(host.origin)
  await visitor.open()
  await expect(visitor.composer).toBeFocused()
  await visitor.composer.fill('Never mind')
  await page.keyboard.press('Escape')
  await expect(visitor.panel).toBeHidden()
  await page.waitForLoadState('networkidle')
  expect(requests.filter((request) => !/^GET \/widget/.test(request))).toEqual([])
  expect(await tracesOn(page)).toEqual([])
  const sam = await support()
  await expect(sam.chats.getByRole('link')).toHaveCount(0)
})

const POLICIES = {
  'a strict content security policy': (deskUrl: string) => ({
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'nonce-n0nce' 'strict-dynamic'",
      "style-src 'self'",
      "img-src 'none'",
      `connect-src ${deskUrl} ${deskUrl.replace('http', 'ws')}`,
    ].join('; '),
  }),
  'trusted types': () => ({
    'content-security-policy': "require-trusted-types-for 'script'; trusted-types 'none'",
  }),
  'cross-origin isolation': () => ({
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
  }),
}

for (const [policy, headersFor] of Object.entries(POLICIES)) {
  test(`under ${policy} everything works, and nothing is reported`, async ({ desk, host, page, support }) => {
    host.headers = headersFor(desk.url)
    host.body = `<script nonce="n0nce">
      window.violations = []
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        violations.push(violatedDirective + ' ' + blockedURI))
    </script>${scriptTag(desk, 'nonce="n0nce" data-visitor data-locale="de" data-accent="teal"')}`
    const trouble = troubleOf(page)
    const sockets = openSocketsOf(page)
    const sam = await support()
    await page.goto(host.origin)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(policy === 'cross-origin isolation')
    await page.getByRole('button', { name: 'Support-Chat öffnen' }).click()
    const panel = page.getByRole('dialog')
    await panel.getByRole('textbox').fill('Guten Tag')
    await page.keyboard.press('Enter')
    await sam.chats.getByText('Guten Tag').click()
    await sam.say('Hello, see https://example.com')
    await expect(panel.getByRole('link', { name: 'https://example.com' })).toBeVisible()
    await expect(panel.getByRole('textbox', { name: 'E-Mail' })).toBeVisible()
    expect(sockets.count).toBe(1)
    expect(await page.evaluate(() => window.violations)).toEqual([])
    expect(trouble).toEqual([])
  })
}

test('where no socket can be had, event streams reach a page that is cross-origin isolated', async ({
  desk,
  host,
  page,
  support,
}) => {
  host.headers = POLICIES['cross-origin isolation']()
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}" data-cable="/nothing-here"`)
  const requests = requestsOf(page, desk)
  const ann = new Visitor(page)
  const sam = await support()
  await page.goto(host.origin)
  await ann.open()
  await ann.say('Hello?')
  await sam.chat('ann@example.com').click()
  await expect.poll(() => requests).toContain('GET /api/support_chat/events')
  await sam.say('Hi Ann')
  await expect(ann.log.getByText('Hi Ann')).toBeVisible()
})

test('the page gets one element and no style or script of its own is touched', async ({
  desk,
  host,
  page,
}) => {
  host.body = scriptTag(desk, `data-token="${tokenFor('ann')}"`)
  const ann = new Visitor(page)
  await page.goto(host.origin)
  const left = () =>
    page.evaluate(() => [
      ...[...document.querySelectorAll('style, [style], script, link')].map(({ localName }) => localName),
      ...[...document.body.children].map(({ localName }) => localName),
      document.adoptedStyleSheets.length,
    ])
  const before = ['script', 'script', 0]
  await ann.open()
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  expect(await left()).toEqual(before.toSpliced(2, 0, 'deskbell-chat'))
  const inside = await page
    .locator('deskbell-chat')
    .evaluate((element) => element.shadowRoot?.querySelectorAll('style, script, [style]').length)
  expect(inside).toBe(0)
  expect(await page.locator('deskbell-chat').evaluate((element) => element.getAttributeNames())).toEqual([])
  await tell(page, 'destroy')
  expect(await left()).toEqual(before)
})

/** The names of all globals, and what they and the main prototypes are. */
const rememberGlobals = () => {
  const owners: [string, object][] = [
    ...[window, document, history, navigator, customElements].map(
      (object) => [String(object), object] as [string, object],
    ),
    ...Object.getOwnPropertyNames(window).flatMap((name) => {
      const { value } = Object.getOwnPropertyDescriptor(window, name) ?? {}
      return typeof value === 'function' && value.prototype
        ? ([[name, value.prototype]] as [string, object][])
        : []
    }),
  ]
  const now: Record<string, string> = {}
  const ids = new Map<unknown, number>()
  const idOf = (value: unknown) => ids.get(value) ?? ids.set(value, ids.size).size
  for (const [owner, object] of owners) {
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(object, key) ?? {}
      const code = [value, get, set].map((part) => (typeof part === 'function' ? idOf(part) : typeof part))
      now[`${owner}.${String(key)}`] = JSON.stringify([code, flags])
    }
  }
  const { before } = window
  window.before = now
  if (!before) return []
  const keys = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...keys].filter((key) => before[key] !== now[key])
}

test('the only global is Deskbell, and nothing of the page or of the language is replaced', async ({
  desk,
  host,
  page,
}) => {
  await page.goto(host.origin)
  await page.evaluate(rememberGlobals)
  await page.evaluate(rememberGlobals)
  await page.addScriptTag({ url: `${desk.url}/widget.js` })
  await tell(page, 'identify', { token: tokenFor('ann') })
  const ann = new Visitor(page)
  await ann.open()
  await ann.say('Hello')
  await expect(ann.log.getByText('Hello')).toBeVisible()
  await tell(page, 'logout')
  expect(await page.evaluate(rememberGlobals)).toEqual(['[object Window].Deskbell'])
})

/** Counts what is listened to on window and document, what is waited for, and what is watched. */
function countHolds(): void {
  const held = new Map<unknown, string>()
  window.held = held
  const { addEventListener, removeEventListener } = EventTarget.prototype
  const idOf = (target: EventTarget, name: string, listener: unknown) => {
    const known = [...held.keys()].find(
      (key) => Array.isArray(key) && key[0] === target && key[1] === name && key[2] === listener,
    )
    return known ?? [target, name, listener]
  }
  EventTarget.prototype.addEventListener = function (name, listener, options) {
    addEventListener.call(this, name, listener, options)
    const target = this ?? window
    if (target !== window && target !== document && !(target instanceof MediaQueryList)) return
    const id = idOf(target, name, listener)
    held.set(id, `listener of ${name}`)
    if (typeof options !== 'object') return
    if (options.once) addEventListener.call(target, name, () => held.delete(id), { once: true })
    if (options.signal) addEventListener.call(options.signal, 'abort', () => held.delete(id))
  }
  EventTarget.prototype.removeEventListener = function (name, listener, options) {
    removeEventListener.call(this, name, listener, options)
    held.delete(idOf(this ?? window, name, listener))
  }
  for (const [start, stop] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
  ] as const) {
    const [begin, end] = [window[start], window[stop]]
    Object.assign(window, {
      [start](call: () => void, ms: number) {
        const id = begin(() => {
          if (start === 'setTimeout') held.delete(id)
          call()
        }, ms)
        held.set(id, `${start} ${ms}`)
        return id
      },
      [stop](id: number) {
        held.delete(id)
        end(id)
      },
    })
  }
  for (const name of ['ResizeObserver', 'IntersectionObserver', 'MutationObserver'] as const) {
    const Observer = window[name]
    Object.assign(window, {
      [name]: class extends (Observer as typeof ResizeObserver) {
        override observe(target: Element, options?: object) {
          held.set(this, name)
          super.observe(target, options)
        }
        override disconnect() {
          held.delete(this)
          super.disconnect()
        }
      },
    })
  }
}

for (const [kind, attributes] of [
  ['a user', `data-token="${tokenFor('ann')}"`],
  ['a visitor', 'data-visitor'],
] as const) {
  test(`destroying the widget of ${kind} leaves no listener, timer, observer or socket`, async ({
    desk,
    host,
    page,
  }) => {
    host.body = scriptTag(desk, attributes)
    await page.addInitScript(countHolds)
    const sockets = openSocketsOf(page)
    const ann = new Visitor(page)
    const held = () => page.evaluate(() => [...window.held.values()])
    await page.goto(host.origin)
    await expect(ann.launcher).toBeVisible()
    await tell(page, 'destroy')
    await expect.poll(held).toEqual([])

    await tell(page, 'init')
    await ann.open()
    await ann.say('Hello')
    await expect(ann.log.getByText('Hello')).toBeVisible()
    await expect.poll(() => sockets.count).toBe(1)
    expect((await held()).length).toBeGreaterThan(3)
    await tell(page, 'destroy')
    await expect.poll(held).toEqual([])
    await expect.poll(() => sockets.count).toBe(0)

    await tell(page, 'init')
    await ann.open()
    await expect(ann.log.getByText('Hello')).toBeVisible()
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(ann.panel).toHaveAttribute('aria-modal')
    await tell(page, 'destroy')
    await expect.poll(held).toEqual([])
    expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe('')
  })
}
