import pino from 'pino'
import * as z from 'zod'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, openAdmins } from '../identity/admins.ts'
import { settingsFromEnv } from '../settings.ts'
import { idMaker } from '../store/id.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags, UsageError } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell admin create` */
export async function adminCreate(args: readonly string[], terminal: Terminal): Promise<void> {
  const { email, name } = readFlags(args, { email: { type: 'string' }, name: { type: 'string' } })
  if (!z.email().max(254).safeParse(email).success || email === undefined) {
    throw new UsageError('--email must be an e-mail address.')
  }
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const password = await terminal.askSecret(`Password for ${email}`)
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    throw new UsageError(`A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`)
  }
  const store = openStore(databaseUrl)
  try {
    await migrate(store)
    const engine = { store, clock: Date, newId: idMaker(), log: pino({ level: 'silent' }) }
    // Accounts do not depend on the secret, only sessions do.
    const admins = await openAdmins({ engine, secret: '', isHttps: false, revoke: () => {} })
    const admin = await admins.create({ email, name: name || 'Support', password })
    terminal.out(`${admin.name} <${admin.email}> can now sign in at /admin.`)
  } finally {
    await store.close()
  }
}
