import type { Store } from '../store/store.ts'

/** By what the processes of one desk know each other on a bus that others may use, too: it lies in their database. */
export async function deskId({ db }: Pick<Store, 'db'>): Promise<string> {
  const { id } = await db.selectFrom('support_desk').select('id').executeTakeFirstOrThrow()
  return id
}
