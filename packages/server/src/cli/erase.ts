import { type Chat, findOwn } from '../chats/chat.ts'
import { erase } from '../chats/erase.ts'
import { settingsFromEnv } from '../settings.ts'
import { idMaker } from '../store/id.ts'
import { migrate } from '../store/migrations.ts'
import { openStore, type Store } from '../store/store.ts'
import { readFlags, UsageError } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** `deskbell erase` */
export async function eraseCommand(args: readonly string[], terminal: Terminal): Promise<void> {
  const { id, yes } = readFlags(args, { id: { type: 'string' }, yes: { type: 'boolean' } })
  if (id === undefined || id === '') throw new UsageError('--id must name the user by the id of your app.')
  const { databaseUrl, busUrl } = settingsFromEnv(terminal.env)
  const store = openStore(databaseUrl)
  try {
    await migrate(store)
    const chat = await findOwn(store, id)
    if (chat !== undefined && yes !== true) {
      throw new UsageError(`This would erase ${described(chat)}, for ever. Add --yes to do it.`)
    }
    if (yes !== true || !(await erased(store, id, busUrl !== undefined)))
      throw new UsageError(`There is nothing to erase: nobody here has the id "${id}".`)
    terminal.out(`Erased ${chat === undefined ? `"${id}"` : described(chat)}.`)
  } finally {
    await store.close()
  }
}

/** Nobody listens in this process; desks that look for what others did find it in the database. */
async function erased(store: Store, id: string, hasOtherDesks: boolean): Promise<boolean> {
  await store.clock.start()
  const engine = { store, clock: store.clock, newId: idMaker(), hasOtherDesks, publish: () => {} }
  return await erase(engine, id)
}

function described({ external_id, user_email, last_seq }: Chat): string {
  const who = user_email === null ? `"${external_id}"` : `"${external_id}" (${user_email})`
  return `${who} with a chat of ${last_seq} ${last_seq === 1 ? 'message' : 'messages'}`
}
