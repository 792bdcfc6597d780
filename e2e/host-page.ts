import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from '@playwright/test'
import { signToken, TEST_SECRET } from '../packages/testing/src/token.ts'
import { DemoDesk } from './demo-desk.ts'
import { FaultProxy } from './fault-proxy.ts'
import { test as base, Visitor } from './people.ts'

/** What the host writes into its script tag, by attribute; `lang` is the page's own. */
type Attributes = Readonly<Record<string, string>>

/** A page of a site that has only Deskbell's script tag, on another site than the desk's. */
class HostPage implements AsyncDisposable {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async serve(): Promise<HostPage> {
    const server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://host')
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html(searchParams))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HostPage(server)
  }

  /** Not the desk's `localhost`: to a browser that is another site. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  address(deskUrl: string, attributes: Attributes): string {
    return `${this.origin}/?${new URLSearchParams({ desk: deskUrl, ...attributes })}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function html(params: URLSearchParams): string {
  const { desk = '', lang = 'en', ...attributes } = Object.fromEntries(params)
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const data = Object.entries(attributes).map(([name, value]) => `data-${name}="${escaped(value)}"`)
  return `<!doctype html><html lang="${escaped(lang)}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>A shop</title><link rel="icon" href="data:,">
<main><h1>A shop</h1><p><label>Search <input></label></p><p style="block-size: 200vh">Many things</p></main>
<script async src="${escaped(desk)}/widget.js" ${data.join(' ')}></script></html>`
}

/** Someone on the host's page, and what support answers them. */
export class Guest extends Visitor {
  readonly #deskUrl: string
  readonly #token: string

  constructor(page: Page, deskUrl: string, token: string) {
    super(page)
    this.#deskUrl = deskUrl
    this.#token = token
  }

  /** Support writes to them. */
  async reply(...texts: string[]): Promise<void> {
    const { id } = (await this.#call(this.#token, 'support_chat')) as { id: string }
    for (const content of texts) await this.#call(ADMIN_TOKEN, `admin/chats/${id}/messages`, { content })
  }

  /** They have written this before, elsewhere. */
  async wrote(...texts: string[]): Promise<void> {
    for (const content of texts) await this.#call(this.#token, 'support_chat/messages', { content })
  }

  /** What the desk knows, and would not if it had stored nothing. */
  async summary(): Promise<{ exists: boolean; unread_count: number }> {
    return (await this.#call(this.#token, 'support_chat/summary')) as {
      exists: boolean
      unread_count: number
    }
  }

  /** The page's own code uses what the widget offers it. */
  async call(verb: string, given?: unknown): Promise<void> {
    await this.page.evaluate(
      (call) => (window as unknown as { Deskbell: { push(call: unknown[]): void } }).Deskbell.push(call),
      [verb, given],
    )
  }

  async #call(token: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#deskUrl}/api/${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return await response.json()
  }
}

const ADMIN_TOKEN = signToken({ sub: 'sam', email: 'sam@example.com', name: 'Sam', role: 'admin' })

interface GuestOptions {
  attributes?: Attributes
  browser?: BrowserContextOptions
  /** Before the page is visited. */
  before?(guest: Guest): Promise<unknown>
}

interface Tests {
  /** A user of the host on a page with the widget: always someone new, so that tests can share a desk. */
  guest(options?: GuestOptions): Promise<Guest>
  /** The same for someone who is not signed in. */
  stranger(options?: GuestOptions): Promise<Guest>
  /** Between the browser and the desk. */
  network: FaultProxy
}

interface Workers {
  sharedDesk: DemoDesk
  host: HostPage
}

export const test = base.extend<Tests, Workers>({
  host: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      await using host = await HostPage.serve()
      await use(host)
    },
    { scope: 'worker' },
  ],
  sharedDesk: [
    async ({ host }, use) => {
      const settings = { DESKBELL_SECRET: TEST_SECRET, ALLOWED_ORIGINS: host.origin, RATE_LIMIT: '0' }
      const desk = await DemoDesk.start(settings)
      await use(desk)
      await desk.remove()
    },
    { scope: 'worker' },
  ],
  network: async ({ sharedDesk }, use) => {
    await using network = await FaultProxy.before(sharedDesk.url)
    await use(network)
  },
  guest: async ({ sharedDesk, network, host, browser }, use, { testId }) => {
    const contexts: { close(): Promise<void> }[] = []
    await use(async ({ attributes = {}, browser: options = {}, before } = {}) => {
      const name = `guest-${testId}-${contexts.length}`
      const token = signToken({ sub: name, email: `${name}@example.com`, name })
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      contexts.push(context)
      const guest = new Guest(await context.newPage(), sharedDesk.url, token)
      await before?.(guest)
      await guest.page.goto(host.address(network.url, { token, 'app-name': 'Fern & Fold', ...attributes }))
      return guest
    })
    for (const context of contexts) await context.close()
  },
  stranger: async ({ guest }, use) => {
    await use((options = {}) =>
      guest({ ...options, attributes: { token: '', visitor: '', ...options.attributes } }),
    )
  },
})

export { expect } from '@playwright/test'
