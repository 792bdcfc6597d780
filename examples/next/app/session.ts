import { cookies } from 'next/headers'

export interface User {
  id: string
  email: string
  name: string
}

/** Who is signed in: here you ask your own session. In this example it is always Alice. */
export async function currentUser(): Promise<User> {
  await cookies()
  return { id: 'alice', email: 'alice@example.com', name: 'Alice' }
}
