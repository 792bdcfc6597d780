import pino from 'pino'
import * as z from 'zod'
import { type Admins, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, openAdmins } from '../identity/admins.ts'
import { settingsFromEnv } from '../settings.ts'
import { idMaker } from '../store/id.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags, UsageError } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell admin create` */
export async function adminCreate(args: readonly string[], terminal: Terminal): Promise<void> {
  const { email, name } = readFlags(args, { email: { type: 'string' }, name: { type: 'string' } })
  if (!isAddress(email)) throw new UsageError('--email must be an e-mail address.')
  const password = await askPassword(email, terminal)
  await withAdmins(terminal, async (admins) => {
    const admin = await admins.create({ email, name: name || 'Support', password })
    terminal.out(canSignIn(admin))
  })
}

/** `deskbell admin list` */
export async function adminList(args: readonly string[], terminal: Terminal): Promise<void> {
  readFlags(args, {})
  await withAdmins(terminal, async (admins) => {
    const all = await admins.list()
    if (all.length === 0) terminal.out('There are no admins yet: deskbell admin create makes one.')
    for (const { name, email, isActive } of all) {
      terminal.out(`${name} <${email}>${isActive ? '' : ' (deactivated)'}`)
    }
  })
}

/** `deskbell admin deactivate` */
export async function adminDeactivate(args: readonly string[], terminal: Terminal): Promise<void> {
  const email = addressOf(args)
  await withAdmins(terminal, async (admins) => {
    await admins.deactivate(email)
    terminal.out(`${email} is signed out and cannot sign in any more.`)
  })
}

/** `deskbell admin activate` */
export async function adminActivate(args: readonly string[], terminal: Terminal): Promise<void> {
  const email = addressOf(args)
  const password = await askPassword(email, terminal)
  await withAdmins(terminal, async (admins) =>
    terminal.out(canSignIn(await admins.activate(email, password))),
  )
}

async function withAdmins(terminal: Terminal, work: (admins: Admins) => Promise<void>): Promise<void> {
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    await migrate(store)
    const engine = { store, clock: Date, newId: idMaker(), log: pino({ level: 'silent' }) }
    // Accounts do not depend on the secret, only sessions do; and nothing is connected to this process.
    await work(await openAdmins({ engine, secret: '', isHttps: false, revoke: () => {} }))
  } finally {
    await store.close()
  }
}

async function askPassword(email: string, terminal: Terminal): Promise<string> {
  const password = await terminal.askSecret(`Password for ${email}`)
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    throw new UsageError(`A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`)
  }
  return password
}

function addressOf([email, ...flags]: readonly string[]): string {
  readFlags(flags, {})
  if (!isAddress(email)) throw new UsageError('Name the admin by their e-mail address.')
  return email
}

function isAddress(email: string | undefined): email is string {
  return z.email().max(254).safeParse(email).success
}

function canSignIn({ name, email }: { name: string; email: string }): string {
  return `${name} <${email}> can now sign in at /admin.`
}
