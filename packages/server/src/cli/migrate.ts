import { settingsFromEnv } from '../settings.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell migrate` */
export async function migrateCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  readFlags(args, {})
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    const applied = await migrate(store)
    terminal.out(applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`)
  } finally {
    await store.close()
  }
}
