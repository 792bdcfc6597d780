import { signHostToken } from '../identity/host-token.ts'
import { complaint, hostClaims } from '../identity/person.ts'
import { durationMs, settingsFromEnv } from '../settings.ts'
import { readFlags, UsageError } from './flags.ts'
import { dataFolder, keptSecret } from './secret.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell token` */
export async function token(args: readonly string[], terminal: Terminal): Promise<void> {
  const { sub, email, name, role, expires } = readFlags(args, {
    sub: { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string' },
    expires: { type: 'string' },
  })
  if (role !== undefined && role !== 'user' && role !== 'admin')
    throw new UsageError('--role must be user or admin.')
  const lifetimeMs = durationMs(expires ?? '1h')
  if (lifetimeMs === undefined) throw new UsageError('--expires must be a duration such as 10m, 1h or 7d.')
  const claims = hostClaims.pick({ sub: true, email: true, name: true }).safeParse({
    sub,
    email,
    name: name ?? email?.split('@')[0],
  })
  if (!claims.success) throw new UsageError(`--${complaint(claims.error)}.`)
  const settings = settingsFromEnv(terminal.env)
  const secret = settings.secret ?? keptSecret(dataFolder(settings.databaseUrl))
  if (secret === undefined) throw new UsageError('DESKBELL_SECRET must be set: at least 32 characters.')
  terminal.out(await signHostToken(secret, { ...claims.data, role }, Date.now() + lifetimeMs))
}
