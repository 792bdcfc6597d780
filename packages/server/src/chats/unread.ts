import type { Store } from '../store/store.ts'

/** How many active chats have a message of their user that no admin has viewed. */
export async function countUnreadChats({ db }: Pick<Store, 'db'>): Promise<number> {
  const { unread } = await db
    .selectFrom('support_chats')
    .select((count) => count.fn.countAll<number | string>().as('unread'))
    .where('archived', '=', 0)
    .where('unread', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(unread)
}
