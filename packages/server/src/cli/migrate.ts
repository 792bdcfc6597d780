import { settingsFromEnv } from '../settings.ts'
import { migrate, migrationStatus, pendingSql } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell migrate` */
export async function migrateCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  const flags = readFlags(args, { status: { type: 'boolean' }, sql: { type: 'boolean' } })
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    if (flags.sql === true) {
      for (const statement of await pendingSql(store)) terminal.out(`${statement.trim()};`)
    } else if (flags.status === true) {
      for (const { name, appliedAt } of await migrationStatus(store)) {
        terminal.out(`${name.padEnd(16)}${appliedAt === null ? 'to come' : `applied ${appliedAt}`}`)
      }
    } else {
      const applied = await migrate(store)
      terminal.out(applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`)
    }
  } finally {
    await store.close()
  }
}
