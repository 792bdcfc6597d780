import { DeskbellError, type SupportChatListItem } from '@deskbell/protocol'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Caller } from '../identity/caller.ts'
import { once } from '../store/once.ts'
import { prepare } from '../store/prepared.ts'
import type { ChatTable, Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'

/** A chat together with whose it is. */
export interface Chat extends Selectable<ChatTable> {
  external_id: string
  user_email: string | null
  user_name: string | null
  user_locale: string | null
}

/** Loads the chat that `caller` may see by this id: their own, or any for an admin. What is not theirs does not exist. */
export async function findChat(store: Store, caller: Caller, chatId: string): Promise<Chat> {
  const [chat] = await queries(store).byId.run(store.db, { id: chatId })
  if (chat === undefined || (caller.role !== 'admin' && chat.external_id !== caller.id)) throw notFound()
  return chat
}

/** The caller's own chat, if there is one already. */
export async function findOwn(store: Store, externalId: string): Promise<Chat | undefined> {
  const [chat] = await queries(store).byOwner.run(store.db, { externalId })
  return chat
}

/** The same inside a transaction, which may hold the chat's lock. */
export function findOwnIn(trx: Transaction<Database>, externalId: string): Promise<Chat | undefined> {
  return selectChats(trx).where('support_users.external_id', '=', externalId).executeTakeFirst()
}

/** How a chat stands in the admins' list. */
export function listItem(chat: Chat): SupportChatListItem {
  return {
    id: chat.id,
    user_id: chat.user_id,
    user_email: chat.user_email,
    user_name: chat.user_name,
    last_message_at: chat.last_message_at,
    last_message_preview: chat.last_message_preview,
    last_message_sender: chat.last_message_sender,
    message_count: chat.last_seq,
    unread: chat.last_user_seq > chat.admin_viewed_seq,
    archived: chat.archived_at !== null,
  }
}

export const notFound = () => new DeskbellError('not_found', 'There is no such chat.')

/** Chats with their owners' columns: the one shape every query of this room starts from. */
export function selectChats(db: Kysely<Database>) {
  return db
    .selectFrom('support_chats')
    .innerJoin('support_users', 'support_users.id', 'support_chats.user_id')
    .selectAll('support_chats')
    .select([
      'support_users.external_id',
      'support_users.email as user_email',
      'support_users.name as user_name',
      'support_users.locale as user_locale',
    ])
}

const queries = once((store: Store) => ({
  byId: prepare((chat: { id: string }) => selectChats(store.db).where('support_chats.id', '=', chat.id)),
  byOwner: prepare((owner: { externalId: string }) =>
    selectChats(store.db).where('support_users.external_id', '=', owner.externalId),
  ),
}))
