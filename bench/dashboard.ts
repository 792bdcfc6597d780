import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test'
import { freePort } from '../packages/server/src/testing/free-port.ts'
import { listening } from './arena.ts'
import { launchBrowser, mainThreadMs, slowDown } from './browser.ts'
import { deskbellProgram } from './contenders.ts'
import { tasksDuring } from './own-time.ts'
import { Child } from './processes.ts'
import { seed } from './seeding.ts'

/** What the dashboard takes of an admin's browser, on a desk with many chats. */
export interface DashboardCost {
  /** The scripts of a first load, gzip. */
  scriptBytes: number
  /** By how many times the processor was slowed down. */
  loads: { slowdown: number; cost: LoadCost }[]
  scrolls: { slowdown: number; cost: ScrollCost }[]
}

interface LoadCost {
  /** From the navigation to the first cards on the screen. */
  listedMs: number
  /** To the end of the last task over 50 ms of the load: from then on every key is answered at once. */
  interactiveMs: number
  /** The main thread's own time until then: script, style, layout. */
  mainThreadMs: number
}

interface ScrollCost {
  cards: number
  seconds: number
  /** By the clock, as the browser tells a page of long tasks: a busy machine makes some. */
  took: LongTasks
  /** By the processor time that each task had: these are the page's. */
  own: LongTasks
  /** The main thread's own time: script, style, layout. */
  mainThreadMs: number
}

interface LongTasks {
  over50Ms: number
  over100Ms: number
  longestMs: number
}

const SECRET = 'bench-secret-of-at-least-32-characters'
const ADMIN = { email: 'sam@example.com', password: 'a calm password' }
// Three in ten are active.
const SEEDED = { users: 20_000, messages: 100_000 }
const CARDS = 5_000
const LOADS = 5
const SLOWDOWNS = [1, 4]
const VIEWPORT = { width: 1280, height: 800 }
// Some eight thousand pixels a second: as fast as a wheel that is flicked again and again.
const WHEEL = { pixels: 400, everyMs: 40 }

/** Measures the dashboard in Chromium: how soon it is there, and whether five thousand cards scroll smoothly. */
export async function measureDashboard(tell: (progress: string) => void): Promise<DashboardCost> {
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-bench-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = {
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: `sqlite:${join(folder, 'deskbell.db')}`,
    DESKBELL_SECRET: SECRET,
    DESKBELL_ADMIN_EMAIL: ADMIN.email,
    DESKBELL_ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: 'warn',
  }
  try {
    tell(`dashboard: seeding ${SEEDED.users} chats`)
    await seed(env.DATABASE_URL, SEEDED.users, SEEDED.messages)
    await using server = new Child(null, [...deskbellProgram(), 'start'], env)
    await listening(port, server)
    await using browser = await launchBrowser()
    return await measureIn(browser, url, tell)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureIn(
  browser: Browser,
  url: string,
  tell: (progress: string) => void,
): Promise<DashboardCost> {
  const session = await signIn(browser, url)
  tell('dashboard: its first load')
  const visits = new Map<number, Visit[]>(SLOWDOWNS.map((slowdown) => [slowdown, []]))
  for (let run = 0; run < LOADS; run++) {
    for (const [slowdown, visited] of visits) visited.push(await visit(browser, url, session, slowdown))
  }
  const scrolls: DashboardCost['scrolls'] = []
  for (const slowdown of SLOWDOWNS) {
    tell(`dashboard: scrolling through ${CARDS} cards`)
    scrolls.push({ slowdown, cost: await scroll(browser, url, session, slowdown) })
  }
  const all = [...visits]
  return {
    scriptBytes: middle(all.flatMap(([, visited]) => visited.map(({ scriptBytes }) => scriptBytes))),
    loads: all.map(([slowdown, visited]) => ({
      slowdown,
      cost: {
        listedMs: middle(visited.map(({ listedMs }) => listedMs)),
        interactiveMs: middle(visited.map(({ interactiveMs }) => interactiveMs)),
        mainThreadMs: middle(visited.map((visit) => visit.mainThreadMs)),
      },
    })),
    scrolls,
  }
}

type Session = Awaited<ReturnType<BrowserContext['storageState']>>

async function signIn(browser: Browser, url: string): Promise<Session> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, {
    headers: { origin: url },
    data: ADMIN,
  })
  if (!answer.ok()) throw new Error(`signing in failed: ${answer.status()} ${await answer.text()}`)
  const session = await context.storageState()
  await context.close()
  return session
}

interface Visit extends LoadCost {
  scriptBytes: number
}

/** One visit with an empty cache, until nothing is asked for any more. */
async function visit(browser: Browser, url: string, session: Session, slowdown: number): Promise<Visit> {
  await using opened = await openPage(browser, session, slowdown)
  const { page, devTools } = opened
  const scripts: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body())
  })
  await openList(page, url)
  const { listedMs, tasks } = await watched(page)
  const lastLongTask = tasks.at(-1)
  return {
    scriptBytes: (await Promise.all(scripts)).reduce((sum, script) => sum + gzipSync(script).length, 0),
    listedMs,
    interactiveMs: Math.max(listedMs, lastLongTask ? lastLongTask.startMs + lastLongTask.tookMs : 0),
    mainThreadMs: await mainThreadMs(devTools),
  }
}

/** Turns the wheel over the list until the five thousandth card is in sight. */
async function scroll(
  browser: Browser,
  url: string,
  session: Session,
  slowdown: number,
): Promise<ScrollCost> {
  await using opened = await openPage(browser, session, slowdown)
  const { page, devTools } = opened
  await openList(page, url)
  const loadedMs = await mainThreadMs(devTools)
  const list = page.getByRole('list', { name: 'Chats' })
  await list.hover({ position: { x: 100, y: 100 } })
  let seconds = 0
  const tasks = await tasksDuring(browser, page, async () => {
    const beginMs = performance.now()
    for (let cards = 0; cards < CARDS; cards = await lastCard(page)) {
      await page.mouse.wheel(0, WHEEL.pixels)
      await page.waitForTimeout(WHEEL.everyMs)
    }
    seconds = (performance.now() - beginMs) / 1000
  })
  return {
    cards: CARDS,
    seconds,
    took: longOf(tasks.map(({ tookMs }) => tookMs)),
    own: longOf(tasks.map(({ ownMs }) => ownMs)),
    mainThreadMs: (await mainThreadMs(devTools)) - loadedMs,
  }
}

const longOf = (times: readonly number[]): LongTasks => ({
  over50Ms: times.filter((ms) => ms > 50).length,
  over100Ms: times.filter((ms) => ms > 100).length,
  longestMs: times.reduce((longest, ms) => Math.max(longest, ms), 0),
})

async function openList(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/admin/chats`)
  await page.waitForFunction(() => window.bench.listedMs > 0)
  await page.waitForLoadState('networkidle')
}

const lastCard = (page: Page) =>
  page.evaluate(() => {
    const last = [...document.querySelectorAll('[aria-posinset]')].at(-1)
    return Number(last?.getAttribute('aria-posinset') ?? 0)
  })

/** A page in a profile of its own, in which `watched` finds what happened. */
async function openPage(
  browser: Browser,
  session: Session,
  slowdown: number,
): Promise<{ page: Page; devTools: CDPSession } & AsyncDisposable> {
  const context = await browser.newContext({ storageState: session, viewport: VIEWPORT, locale: 'en-US' })
  const page = await context.newPage()
  await page.addInitScript(watch)
  const devTools = await context.newCDPSession(page)
  await slowDown(devTools, slowdown)
  return { page, devTools, [Symbol.asyncDispose]: () => context.close() }
}

interface Watched {
  listedMs: number
  /** Those over 50 ms, in their order. */
  tasks: { startMs: number; tookMs: number }[]
}

declare global {
  interface Window {
    bench: Watched
  }
}

const watched = (page: Page): Promise<Watched> => page.evaluate(() => window.bench)

/** Runs in the page, before anything of its own. */
function watch(): void {
  const found: Watched = { listedMs: Number.NaN, tasks: [] }
  window.bench = found
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      found.tasks.push({ startMs: startTime, tookMs: duration })
    }
  }).observe({ type: 'longtask', buffered: true })
  const look = new MutationObserver(() => {
    if (!document.querySelector('[data-chat]')) return
    look.disconnect()
    // The task after the next frame begins when that frame is drawn.
    requestAnimationFrame(() => setTimeout(() => (found.listedMs = performance.now())))
  })
  look.observe(document, { childList: true, subtree: true })
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
