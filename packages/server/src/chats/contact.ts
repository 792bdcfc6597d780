import { DeskbellError } from '@deskbell/protocol'
import type { Engine } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import { searchIndex } from '../search/search-index.ts'
import { changeChat, chatUpdated } from './change.ts'
import { findOwn, notFound } from './chat.ts'

/** Where a visitor says that they can be reached. A name that is left out stays as it is. */
export interface Contact {
  email: string
  name?: string | undefined
}

/**
 * Keeps the address that a visitor leaves in their chat; the latest one counts. Throws `forbidden` for users, whose
 * addresses the host knows better, and `not_found` before there is a chat.
 */
export async function leaveContact(engine: Engine, caller: Caller, contact: Contact): Promise<void> {
  if (caller.role !== 'visitor') {
    throw new DeskbellError('forbidden', 'The address of someone who is signed in comes from the host app.')
  }
  const own = await findOwn(engine.store, caller.id)
  if (own === undefined) throw notFound()
  await changeChat(engine, own.id, (chat, updated_at) => {
    const { email, name = chat.user_name } = contact
    // By now the chat may have gone over to the user that the visitor turned out to be.
    if (chat.external_id !== caller.id) throw notFound()
    if (chat.user_email === email && chat.user_name === name) return null
    return {
      set: {},
      async also(trx) {
        await trx
          .updateTable('support_users')
          .set({ email, name, updated_at })
          .where('id', '=', chat.user_id)
          .execute()
        await searchIndex(engine.store).changePerson(trx, { id: chat.user_id, email, name })
      },
      events: (changed) => [chatUpdated({ ...changed, user_email: email, user_name: name })],
    }
  })
}

/** Whether nobody could be told of a reply: the address of a visitor is not known. */
export function isContactNeeded(caller: Caller, chat: { user_email: string | null }): boolean {
  return caller.role === 'visitor' && chat.user_email === null
}
