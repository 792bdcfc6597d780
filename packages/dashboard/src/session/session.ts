import { type AdminProfile, DeskbellError } from '@deskbell/protocol'
import { queryOptions } from '@tanstack/react-query'
import { API, call } from '../desk/call.ts'

/** Who is signed in, null for nobody. */
export const me = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => fetchMe(signal),
  staleTime: 60_000,
})

/** Throws `unauthenticated` for a wrong pair and `rate_limited` after too many. */
export async function signIn(email: string, password: string): Promise<AdminProfile> {
  try {
    await call(`${API}/auth/sign-in/email`, { method: 'POST', body: { email, password } })
  } catch (error) {
    // Whatever the sign-in library finds wrong with the pair, it is a wrong pair.
    if (error instanceof DeskbellError && (error.code === 'invalid' || error.code === 'forbidden')) {
      throw new DeskbellError('unauthenticated', error.message)
    }
    throw error
  }
  const admin = await fetchMe()
  if (!admin) throw new DeskbellError('unauthenticated', 'Not an admin.')
  return admin
}

export async function signOut(): Promise<void> {
  await call(`${API}/auth/sign-out`, { method: 'POST', body: {} })
}

async function fetchMe(signal?: AbortSignal): Promise<AdminProfile | null> {
  try {
    return await call<AdminProfile>(`${API}/admin/me`, signal ? { signal } : {})
  } catch (error) {
    if (error instanceof DeskbellError && isNobody(error)) return null
    throw error
  }
}

const isNobody = ({ code }: DeskbellError) => code === 'unauthenticated' || code === 'forbidden'
