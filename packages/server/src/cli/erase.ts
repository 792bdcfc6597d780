import { type Chat, findOwn } from '../chats/chat.ts'
import { erase } from '../chats/erase.ts'
import { settingsFromEnv } from '../settings.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags, UsageError } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell erase` */
export async function eraseCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  const { id, yes } = readFlags(args, { id: { type: 'string' }, yes: { type: 'boolean' } })
  if (id === undefined || id === '') throw new UsageError('--id must name the user by the id of your app.')
  const { databaseUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    await migrate(store)
    const chat = await findOwn(store, id)
    if (chat !== undefined && yes !== true) {
      throw new UsageError(`This would erase ${described(chat)}, for ever. Add --yes to do it.`)
    }
    // Nobody listens in this process.
    const wasKnown = yes === true && (await erase({ store, clock: Date, publish: () => {} }, id))
    if (!wasKnown) throw new UsageError(`There is nothing to erase: nobody here has the id "${id}".`)
    terminal.out(`Erased ${chat === undefined ? `"${id}"` : described(chat)}.`)
  } finally {
    await store.close()
  }
}

function described({ external_id, user_email, last_seq }: Chat): string {
  const who = user_email === null ? `"${external_id}"` : `"${external_id}" (${user_email})`
  return `${who} with a chat of ${last_seq} ${last_seq === 1 ? 'message' : 'messages'}`
}
