import { randomUUID } from 'node:crypto'
import type { Store } from '../store/store.ts'

/**
 * Names what lies in the database of a desk: by it its processes know each other on a bus that others may use, too, and
 * clients notice when it is not what it was.
 */
export async function deskId({ db }: Pick<Store, 'db'>): Promise<string> {
  const { id } = await db.selectFrom('support_desk').select('id').executeTakeFirstOrThrow()
  return id
}

/** What lies in the database is not what clients have seen, or is to be a desk of its own. */
export async function renewDeskId({ db }: Pick<Store, 'db'>): Promise<void> {
  await db.updateTable('support_desk').set({ id: randomUUID() }).execute()
}
