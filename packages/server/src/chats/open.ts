import { DeskbellError } from '@deskbell/protocol'
import type { Engine } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import { refuseErased } from '../messages/erased.ts'
import { timestamp } from '../store/time.ts'
import { chatUpdated } from './change.ts'
import { type Chat, findOwn } from './chat.ts'

/** How often a first call that lost the race looks again; each loss means that another call won. */
const ATTEMPTS = 3

/** Gets or creates the one chat of `caller`; any number of parallel first calls make one. */
export function open(engine: Engine, caller: Caller): Promise<Chat> {
  return openToSend(engine, caller, null)
}

/** As `open`, for a message with this client_id. Throws `conflict` when it is erased, and then makes no chat. */
export async function openToSend(engine: Engine, caller: Caller, clientId: string | null): Promise<Chat> {
  const { store } = engine
  for (let attempt = 1; ; attempt++) {
    const known = await findOwn(store, caller.id)
    if (known !== undefined) {
      await refuseErased(store, store.db, caller.id, clientId)
      return await refresh(engine, known, caller)
    }
    try {
      await create(engine, caller, clientId)
    } catch (error) {
      // Another call may have inserted the user or the chat: the unique keys let only one through.
      if (error instanceof DeskbellError || attempt === ATTEMPTS) throw error
    }
  }
}

async function create(engine: Engine, caller: Caller, clientId: string | null): Promise<void> {
  const at = timestamp(engine.clock.now() * 1000)
  const stamps = { created_at: at, updated_at: at }
  await engine.store.db.transaction().execute(async (trx) => {
    const user = await trx
      .selectFrom('support_users')
      .select('id')
      .where('external_id', '=', caller.id)
      .executeTakeFirst()
    const userId = user?.id ?? engine.newId()
    if (user === undefined) {
      const { email, name, traits } = caller
      const locale = caller.locale ?? caller.acceptedLocale
      const told = { email, name, locale, traits: traits && JSON.stringify(traits) }
      const person = { external_id: caller.id, ...told }
      await trx
        .insertInto('support_users')
        .values({ id: userId, ...person, ...stamps })
        .execute()
    }
    const chat = { id: engine.newId(), user_id: userId, last_seq: 0, last_user_seq: 0 }
    await trx
      .insertInto('support_chats')
      .values({ ...chat, admin_viewed_seq: 0, user_read_seq: 0, ...stamps })
      .execute()
    // Last of all, so that it comes after whatever erasure made room for these rows.
    await refuseErased(engine.store, trx, caller.id, clientId)
  })
}

/** The host is right about its users: what it tells of them anew is kept when they come by. */
async function refresh(engine: Engine, chat: Chat, caller: Caller): Promise<Chat> {
  // What a token leaves out is not known to be gone.
  const email = caller.email ?? chat.user_email
  const name = caller.name ?? chat.user_name
  const locale = caller.locale ?? chat.user_locale
  const traits = await newTraits(engine, chat, caller)
  const isRowChanged = chat.user_email !== email || chat.user_name !== name
  if (!isRowChanged && chat.user_locale === locale && traits === undefined) return chat
  const updated_at = timestamp(engine.clock.now() * 1000)
  const { numUpdatedRows } = await engine.store.db
    .updateTable('support_users')
    .set({ email, name, locale, ...(traits === undefined ? {} : { traits }), updated_at })
    .where('id', '=', chat.user_id)
    .executeTakeFirst()
  // Erased in between: nobody is told of a chat that is gone.
  if (numUpdatedRows === 0n || !isRowChanged) return chat
  const refreshed = { ...chat, user_email: email, user_name: name, user_locale: locale }
  engine.publish([chatUpdated(refreshed)])
  return refreshed
}

/** The caller's traits as they are to be stored; undefined when that is what is stored, or the host tells none. */
async function newTraits({ store }: Engine, chat: Chat, caller: Caller): Promise<string | undefined> {
  if (caller.traits === null) return undefined
  const told = JSON.stringify(caller.traits)
  const known = await store.db
    .selectFrom('support_users')
    .select('traits')
    .where('id', '=', chat.user_id)
    .executeTakeFirst()
  return known?.traits === told ? undefined : told
}
