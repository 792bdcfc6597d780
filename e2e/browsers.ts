import { existsSync } from 'node:fs'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-software-rasterizer',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** The system's own browser: nothing is downloaded. */
const WHOLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** The same without a window, menus and the rest, which takes two thirds of the processor. */
const SHELL = '/usr/bin/chromium-headless-shell'

export const WHOLE_BROWSER = { executablePath: WHOLE, args: ARGS }

export const BROWSER = {
  executablePath: process.env.CHROMIUM === undefined && existsSync(SHELL) ? SHELL : WHOLE,
  args: ARGS,
}
