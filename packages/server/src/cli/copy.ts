import { CopyError, copyDesk, countRows } from '../copy/copy.ts'
import { DatabaseFailure } from '../store/failure.ts'
import { migrate } from '../store/migrations.ts'
import { openStore, type Store } from '../store/store.ts'
import { databaseTrouble } from './database-trouble.ts'
import { readFlags, UsageError } from './flags.ts'
import { progress } from './progress.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell copy` */
export async function copyCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  const { from, to } = readFlags(args, { from: { type: 'string' }, to: { type: 'string' } })
  if (from === undefined || to === undefined || from === to) {
    throw new UsageError('--from and --to must name two databases, each as DATABASE_URL would.')
  }
  const [source, target] = [openStore(from), openStore(to)]
  try {
    await reach(source, '--from')
    await reach(target, '--to')
    const total = await countRows(source)
    const copied = await copyDesk(source, target, progress(total, 'rows', terminal))
    for (const { name, rows, checksum } of copied) {
      terminal.out(`${name.padEnd(28)}${String(rows).padStart(10)} rows  ${checksum.slice(0, 12)}`)
    }
    terminal.out('Both databases hold the same. Admins sign in anew on the new one.')
  } catch (error) {
    if (error instanceof DatabaseFailure) throw new UsageError(databaseTrouble('--from or --to', error))
    if (error instanceof CopyError) throw new UsageError(`The copy cannot be used: ${error.message}`)
    throw error
  } finally {
    await source.close()
    await target.close()
  }
}

async function reach(store: Store, flag: string): Promise<void> {
  try {
    await migrate(store)
  } catch (error) {
    throw error instanceof DatabaseFailure ? new UsageError(databaseTrouble(flag, error)) : error
  }
}
