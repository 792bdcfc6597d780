import type { Browser, Page } from '@playwright/test'

/** A task of a page's main thread: how long it took, and how much of that it had the processor. */
export interface Task {
  tookMs: number
  ownMs: number
}

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** Microseconds. */
  dur?: number
  /** Microseconds of the thread's own time. */
  tdur?: number
  args: { name?: string }
}

const TASK = 'ThreadControllerImpl::RunTask'
const MAIN_THREAD = 'CrRendererMain'

/** Does something in a page, and tells of every task of its main thread meanwhile. */
export async function tasksDuring(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<readonly Task[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await act()
  const trace = (await browser.stopTracing()).toString()
  // Chromium's own format, of which this is the documented part.
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] }
  const threads = traceEvents.filter((event) => event.name === 'thread_name')
  const mains = new Set(
    threads.filter(({ args }) => args.name === MAIN_THREAD).map(({ pid, tid }) => `${pid}:${tid}`),
  )
  return traceEvents.flatMap(({ name, pid, tid, dur = 0, tdur = 0 }) =>
    name === TASK && mains.has(`${pid}:${tid}`) ? [{ tookMs: dur / 1000, ownMs: tdur / 1000 }] : [],
  )
}
