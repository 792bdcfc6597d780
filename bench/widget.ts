import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from '@playwright/test'
import { freePort } from '../packages/server/src/testing/free-port.ts'
import { listening } from './arena.ts'
import { launchBrowser, mainThreadMs, slowDown } from './browser.ts'
import { deskbellProgram } from './contenders.ts'
import { tokenFor } from './load/parts.ts'
import { Child } from './processes.ts'

/** What the widget costs the page it is a guest on. Times are of the main thread, its processor slowed down 4 times. */
export interface WidgetCost {
  load: Cost
  open: Cost
  /** Opening a chat of 5,000 messages, and one of none. */
  opening: { many: Opening; none: Opening }
}

/** The main thread's time from the click on. */
interface Opening {
  /** Until the newest messages are painted and one can write. */
  standsMs: number
  /** Until nothing happens any more. */
  allMs: number
}

interface Cost {
  requests: number
  /** As they travel, compressed, without headers. */
  bytes: number
  mainThreadMs: number
}

const SECRET = 'bench-secret-of-at-least-32-characters'
const SLOWDOWN = 4
const MESSAGES = 5_000
const AT_ONCE = 100
const RUNS = 5
/** Nothing happens any more: so little was done each time, so often in a row. */
const STILL_MS = 0.5
const STILL_EVERY_MS = 200
const STILL_FOR = 5
/** 20 px, and half of its 56. */
const FROM_CORNER = 48
const NOTHING: Cost = { requests: 0, bytes: 0, mainThreadMs: 0 }
const WIDGET_FILE = /\/widget(\.js|\/)/

/** Measures the widget on the demo's page, in Chromium. */
export async function measureWidget(tell: (progress: string) => void): Promise<WidgetCost> {
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-bench-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  try {
    await using server = new Child(null, [...deskbellProgram(), 'start', '--demo'], {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: `sqlite:${join(folder, 'deskbell.db')}`,
      DESKBELL_SECRET: SECRET,
      RATE_LIMIT: '0',
    })
    await listening(port, server)
    tell('widget: writing a long history')
    await writeHistory(url)
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
): Promise<WidgetCost> {
  tell('widget: its weight on a page')
  const visits: Visit[] = []
  const bare: number[] = []
  for (let run = 0; run < RUNS; run++) {
    bare.push((await visit(browser, `${url}/?as=visitor`, 'without widget')).load.mainThreadMs)
    visits.push(await visit(browser, `${url}/?as=visitor`, 'with widget'))
  }
  tell('widget: opening a long and an empty chat')
  const many: Visit[] = []
  const none: Visit[] = []
  for (let run = 0; run < RUNS; run++) {
    none.push(await visit(browser, `${url}/?as=alice`, 'with widget'))
    many.push(await visit(browser, `${url}/?as=bob`, 'with widget'))
  }
  const [first] = visits
  if (first === undefined) throw new Error('unreachable: there is at least one run')
  const loadMs = middle(visits.map(({ load }) => load.mainThreadMs)) - middle(bare)
  return {
    load: { ...first.load, mainThreadMs: Math.max(0, loadMs) },
    open: { ...first.open, mainThreadMs: middle(visits.map(({ open }) => open.mainThreadMs)) },
    opening: { many: openingOf(many), none: openingOf(none) },
  }
}

function openingOf(visits: readonly Visit[]): Opening {
  return {
    standsMs: middle(visits.map(({ standsMs }) => standsMs)),
    allMs: middle(visits.map(({ open }) => open.mainThreadMs)),
  }
}

interface Visit {
  load: Cost
  open: Cost
  standsMs: number
}

/** One visit of the page in a fresh profile: until it is idle, then until the panel is open. */
async function visit(browser: Browser, url: string, how: 'with widget' | 'without widget'): Promise<Visit> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    if (how === 'without widget') await page.route(WIDGET_FILE, (route) => route.abort())
    const session = await context.newCDPSession(page)
    const traffic = await watchTraffic(session)
    await slowDown(session, SLOWDOWN)
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: 'panelStands' })
    await page.addInitScript(tellWhenPanelStands)
    await page.goto(url, { waitUntil: 'networkidle' })
    const loadMs = await whenIdle(session)
    const load = { ...traffic(), mainThreadMs: loadMs }
    if (how === 'without widget') return { load, open: NOTHING, standsMs: 0 }
    const { x, y } = launcherOf(page)
    const before = await whenIdle(session)
    const standing = new Promise((resolve) => session.once('Runtime.bindingCalled', resolve))
    await page.mouse.click(x, y)
    await standing
    const standsMs = (await mainThreadMs(session)) - before
    const open = { ...traffic(), mainThreadMs: (await whenIdle(session)) - before }
    await page.getByRole('dialog', { name: 'Support chat' }).waitFor()
    return { load, open, standsMs }
  } finally {
    await context.close()
  }
}

/** Runs in the page. After a frame with messages, or the greeting, and the focus in the panel, it tells the bench. */
function tellWhenPanelStands(): void {
  addEventListener('deskbell:open', ({ target }) => {
    const root = (target as Element).shadowRoot
    const look = () => {
      const isDrawn = root?.querySelector('.message, .greeting') && root.activeElement?.matches('textarea')
      if (!isDrawn) return void requestAnimationFrame(look)
      requestAnimationFrame(() => globalThis.setTimeout(Reflect.get(globalThis, 'panelStands'), 0, ''))
    }
    look()
  })
}

/** The middle of the launcher. Whoever looks for it gives the page work to do, now and at each click. */
function launcherOf(page: Page): { x: number; y: number } {
  const size = page.viewportSize()
  if (size === null) throw new Error('unreachable: a page of a new context has a size')
  return { x: size.width - FROM_CORNER, y: size.height - FROM_CORNER }
}

/** The main thread's work once nothing more is added to it. */
async function whenIdle(session: CDPSession): Promise<number> {
  let before = await mainThreadMs(session)
  for (let still = 0; still < STILL_FOR; ) {
    await setTimeout(STILL_EVERY_MS)
    const now = await mainThreadMs(session)
    still = now - before < STILL_MS ? still + 1 : 0
    before = now
  }
  return before
}

/** Counts the widget's own files and calls; what it returns is the sum up to then. */
async function watchTraffic(session: CDPSession): Promise<() => { requests: number; bytes: number }> {
  const ours = new Set<string>()
  let bytes = 0
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (WIDGET_FILE.test(request.url) || request.url.includes('/api/')) ours.add(requestId)
  })
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    if (ours.has(requestId)) bytes += encodedDataLength
  })
  await session.send('Network.enable')
  return () => ({ requests: ours.size, bytes })
}

/** Bob of the demo has a chat of 5,000 messages. */
async function writeHistory(url: string): Promise<void> {
  const authorization = `Bearer ${tokenFor({ secret: SECRET }, 'bob', {})}`
  const write = async (number: number) => {
    const answer = await fetch(`${url}/api/support_chat/messages`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        content: `Message ${number}: is the fern still there, and may I keep it in the hall?`,
      }),
    })
    if (!answer.ok) throw new Error(`a message was not stored: ${answer.status}`)
  }
  for (let number = 0; number < MESSAGES; number += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => write(number + index)))
  }
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
