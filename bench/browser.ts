import { type Browser, type CDPSession, chromium } from '@playwright/test'

const WORK = new Set(['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'])

/** The system's Chromium, without what it does for itself; it is closed with its scope. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  })
}

/** Slows the page's processor down, and begins to count the time of its main thread. */
export async function slowDown(session: CDPSession, times: number): Promise<void> {
  // Its own time, whatever else the machine does meanwhile.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await session.send('Emulation.setCPUThrottlingRate', { rate: times })
}

/** What the page's own work took up to now: script, style and layout. Painting is the browser's, with or without us. */
export async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const work = metrics.filter(({ name }) => WORK.has(name))
  return work.reduce((sum, { value }) => sum + value, 0) * 1000
}
