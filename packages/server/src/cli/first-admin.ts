import type { Admins } from '../identity/admins.ts'

/** Makes the account that the environment names, unless it is there: another desk may have started at the same moment. */
export async function makeFirstAdmin(
  admins: Pick<Admins, 'exists' | 'create'>,
  email: string,
  password: string,
): Promise<void> {
  if (await admins.exists(email)) return
  try {
    await admins.create({ email, name: 'Support', password })
  } catch (error) {
    if (!(await admins.exists(email))) throw error
  }
}
