import { CopyError, copyDesk, countRows } from '../copy/copy.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
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
    await migrate(source)
    await migrate(target)
    const total = await countRows(source)
    const copied = await copyDesk(source, target, progress(total, 'rows', terminal))
    for (const { name, rows, checksum } of copied) {
      terminal.out(`${name.padEnd(28)}${String(rows).padStart(10)} rows  ${checksum.slice(0, 12)}`)
    }
    terminal.out('Both databases hold the same. Admins sign in anew on the new one.')
  } catch (error) {
    if (error instanceof CopyError) throw new UsageError(`The copy cannot be used: ${error.message}`)
    throw error
  } finally {
    await source.close()
    await target.close()
  }
}
