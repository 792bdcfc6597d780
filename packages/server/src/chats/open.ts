import { DeskbellError } from '@deskbell/protocol'
import type { Engine } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import { refuseErased } from '../messages/erased.ts'
import { searchIndex } from '../search/search-index.ts'
import { timestamp } from '../store/time.ts'
import { transaction } from '../store/transaction.ts'
import { chatUpdated } from './change.ts'
import { type Chat, findOwn, findOwnIn } from './chat.ts'

/** How often a chat is made that is gone again when it is looked for: someone is being erased over and over. */
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
    if (attempt > ATTEMPTS) throw new DeskbellError('unavailable', 'Please try again.', { retryAfter: 1 })
    await create(engine, caller, clientId)
  }
}

async function create(engine: Engine, caller: Caller, clientId: string | null): Promise<void> {
  const at = timestamp(engine.clock.now() * 1000)
  const stamps = { created_at: at, updated_at: at }
  await transaction(engine.store, async (trx) => {
    const user = await trx
      .selectFrom('support_users')
      .select('id')
      .where('external_id', '=', caller.id)
      .executeTakeFirst()
    const userId = user?.id ?? engine.newId()
    // Another call was faster: the unique keys let only one through.
    if (user !== undefined && (await findOwnIn(trx, caller.id)) !== undefined) return
    if (user === undefined) {
      const { email, name, traits } = caller
      const locale = caller.locale ?? caller.acceptedLocale
      const told = { email, name, locale, traits: traits && JSON.stringify(traits) }
      const person = { external_id: caller.id, ...told }
      await trx
        .insertInto('support_users')
        .values({ id: userId, ...person, ...stamps })
        .execute()
      await searchIndex(engine.store).addPeople(trx, [{ id: userId, email, name }])
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
  const numUpdatedRows = await transaction(engine.store, async (trx) => {
    const result = await trx
      .updateTable('support_users')
      .set({ email, name, locale, ...(traits === undefined ? {} : { traits }), updated_at })
      .where('id', '=', chat.user_id)
      .executeTakeFirst()
    await searchIndex(engine.store).changePerson(trx, { id: chat.user_id, email, name })
    return result.numUpdatedRows
  })
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
