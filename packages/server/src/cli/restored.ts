import { renewDeskId } from '../delivery/desk-id.ts'
import { settingsFromEnv } from '../settings.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell restored` */
export async function restoredCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  readFlags(args, {})
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    await migrate(store)
    await renewDeskId(store)
    terminal.out('Pages that are open read everything anew once the desk is running.')
  } finally {
    await store.close()
  }
}
