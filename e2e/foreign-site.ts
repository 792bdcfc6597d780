import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { signToken } from '../packages/testing/src/token.ts'
import { DemoDesk } from './demo-desk.ts'
import { test as base } from './people.ts'

const DESKBELL_SECRET = 'shared by the desk and the page that it helps'

declare global {
  interface Window {
    /** The widget as a page's own script knows it. */
    Deskbell: Record<string, ((...given: unknown[]) => unknown) | undefined>
    /** What the page has heard of it. */
    heard: unknown[]
  }
}

/** Someone else's site, on an origin that is not the desk's: each address of it answers with the same page. */
export class ForeignSite implements AsyncDisposable {
  headers: Record<string, string> = {}
  head = ''
  body = ''
  readonly #server: Server

  private constructor() {
    this.#server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...this.headers })
      response.end(`<!doctype html>
<html lang="en"><head><title>A shop</title>${this.head}</head><body>${this.body}</body></html>`)
    })
  }

  static async open(): Promise<ForeignSite> {
    const host = new ForeignSite()
    host.#server.listen(0, '127.0.0.1')
    await once(host.#server, 'listening')
    return host
  }

  /** Another site than the desk's `localhost`, not only another port of it. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}

/** What the host signs for a user of its own. */
export function tokenFor(name: string, lifetimeSeconds = 3600): string {
  const exp = Math.floor(Date.now() / 1000) + lifetimeSeconds
  return signToken({ sub: name, email: `${name}@example.com`, name, exp }, { secret: DESKBELL_SECRET })
}

/** The script tag that adds the desk's widget to a page, with these attributes. */
export function scriptTag(desk: DemoDesk, attributes = ''): string {
  return `<script src="${desk.url}/widget.js" ${attributes}></script>`
}

/** A desk, and a page of another origin that it allows. */
export const test = base.extend<{ host: ForeignSite }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  host: async ({}, use) => {
    await using host = await ForeignSite.open()
    await use(host)
  },
  desk: async ({ host }, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET, ALLOWED_ORIGINS: host.origin })
    await use(desk)
    await desk.remove()
  },
})

/** Tells `window.Deskbell` to do something. */
export async function tell(page: Page, verb: string, ...given: unknown[]): Promise<unknown> {
  return await page.evaluate(([verb, given]) => window.Deskbell[verb]?.(...given), [verb, given] as const)
}

/** The requests to the desk that the page makes from now on, such as `GET /api/support_chat/summary`. */
export function requestsOf(page: Page, desk: DemoDesk): string[] {
  const requests: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin === desk.url) requests.push(`${request.method()} ${url.pathname}`)
  })
  page.on('websocket', (socket) => requests.push(`socket ${new URL(socket.url()).pathname}`))
  return requests
}

/** What goes wrong on the page from now on: uncaught errors, complaints of the console, violated policies. */
export function troubleOf(page: Page): string[] {
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(String(error)))
  page.on('console', (message) => {
    // There is no way to give up a socket that still opens which Chromium does not complain of.
    if (message.text().includes('closed before the connection is established')) return
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text())
  })
  return trouble
}

/** How many sockets of the page are open. */
export function openSocketsOf(page: Page): { readonly count: number; readonly opened: number } {
  const sockets = { count: 0, opened: 0 }
  page.on('websocket', (socket) => {
    sockets.count += 1
    sockets.opened += 1
    socket.on('close', () => {
      sockets.count -= 1
    })
  })
  return sockets
}

/** Everything that Deskbell could have left on this machine. */
export async function tracesOn(page: Page): Promise<unknown[]> {
  const kept = await page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...(await caches.keys()),
  ])
  return [...kept, ...(await page.context().cookies()).map(({ name }) => name)]
}
