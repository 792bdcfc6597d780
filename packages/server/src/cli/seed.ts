import { seedDesk } from '../seed/seed.ts'
import { settingsFromEnv } from '../settings.ts'
import { migrate } from '../store/migrations.ts'
import { openStore, type Store } from '../store/store.ts'
import { readFlags, UsageError } from './flags.ts'
import { progress } from './progress.ts'
import type { Terminal } from './terminal.ts'

const DAY_MS = 86_400_000
const MOST = 10_000_000

/** `deskbell seed` */
export async function seedCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  const flags = readFlags(args, {
    users: { type: 'string' },
    messages: { type: 'string' },
    seed: { type: 'string' },
    add: { type: 'boolean' },
  })
  const users = count('--users', flags.users ?? '100', 1)
  const messages = count('--messages', flags.messages ?? '1000', 0)
  const seed = count('--seed', flags.seed ?? '1', 0)
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    await migrate(store)
    await refuseTwice(store, { seed, mayAdd: flags.add === true })
    const until = Math.floor(Date.now() / DAY_MS) * DAY_MS
    await seedDesk(store, { users, messages, seed, until }, progress(messages, 'messages', terminal))
    terminal.out(`Seeded ${users} users and ${messages} messages.`)
  } finally {
    await store.close()
  }
}

async function refuseTwice(
  { db }: Store,
  { seed, mayAdd }: { seed: number; mayAdd: boolean },
): Promise<void> {
  const anyone = await db.selectFrom('support_users').select('id').limit(1).executeTakeFirst()
  if (anyone === undefined) return
  if (!mayAdd) throw new UsageError('There are users in this database. Add --add to seed it all the same.')
  const same = await db
    .selectFrom('support_users')
    .select('id')
    .where('external_id', 'in', [`seed-${seed}-1`, `visitor:seed-${seed}-1`])
    .executeTakeFirst()
  if (same !== undefined)
    throw new UsageError(`The users of seed ${seed} are there already. Name another --seed.`)
}

function count(flag: string, text: string, least: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > MOST) {
    throw new UsageError(`${flag} must be a whole number from ${least} to ${MOST}.`)
  }
  return value
}
