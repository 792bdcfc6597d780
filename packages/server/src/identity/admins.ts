import { DeskbellError } from '@deskbell/protocol'
import type { Engine } from '../engine.ts'
import type { AuthLibrary } from './auth-library.ts'
import type { Caller } from './caller.ts'
import { addressGroup } from './client-address.ts'
import type { Sessions } from './identity.ts'
import { Throttle } from './throttle.ts'

/** Guesses at one account, and from one address (which may be a whole office). */
const ACCOUNT_LIMITS = { burst: 10, refillMs: 30_000 }
const ADDRESS_LIMITS = { burst: 30, refillMs: 10_000 }

/** A session ends when it has not been used for a week. */
export const SESSION_SECONDS = 7 * 86_400
/** The library lists a hundred unless it is told how many. */
const MOST_LISTED = 10_000
export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 128

/** An admin of the standalone dashboard. */
interface Admin {
  id: string
  email: string
  name: string
}

/** A session that begins or goes on: who it is for, until when, and the cookies that carry it. */
export interface Session {
  admin: Admin
  expiresAt: Date
  cookies: string[]
}

/** The admins of a standalone desk: their accounts and their sessions. */
export interface Admins extends Sessions {
  /** Throws `unauthenticated` (the same for an unknown address and a wrong password) and `rate_limited`. */
  signIn(credentials: Credentials, from: SignInSource): Promise<Session>
  /** Ends the session of these headers, if there is one, and returns the cookies that clear it. */
  signOut(headers: Headers): Promise<string[]>
  /** The session of these headers; one that is in use is prolonged. */
  session(headers: Headers): Promise<Session | null>
  /** Makes an admin, or gives a deactivated one a new password. Throws `conflict` when there is one already. */
  create(admin: { email: string; name: string; password: string }): Promise<Admin>
  /** Ends all sessions of an admin and takes their password away. Throws `not_found`. */
  deactivate(email: string): Promise<void>
  /** Gives a deactivated admin a new password. Throws `not_found`, and `conflict` for one who is active. */
  activate(email: string, password: string): Promise<Admin>
  /** All admins, by address. */
  list(): Promise<(Admin & { isActive: boolean })[]>
  /** Changes the name of the admin of these headers and returns cookies to set. */
  rename(headers: Headers, name: string): Promise<string[]>
  /** Ends every other session of the admin. Throws `invalid` when the current password is wrong, and `rate_limited`. */
  changePassword(
    caller: Caller,
    headers: Headers,
    password: { current: string; replacement: string },
  ): Promise<void>
  /** Ends all sessions of the admin and returns the cookies that clear this one. */
  signOutEverywhere(caller: Caller, headers: Headers): Promise<string[]>
  /** Those of these sessions that go on. */
  liveSessions(ids: readonly string[]): Promise<string[]>
  exists(email: string): Promise<boolean>
}

interface Credentials {
  email: string
  password: string
}

interface SignInSource {
  address: string | null
  userAgent: string | null
}

/** Tells the desk to close what hangs on a session or on a person. */
export type Revoke = (ended: { session: string } | { id: string }) => void

type AdminEngine = Pick<Engine, 'store' | 'clock' | 'newId' | 'log'>

/** Opens the accounts. The auth library is loaded here and nowhere else. */
export async function openAdmins(parts: {
  engine: AdminEngine
  secret: string
  isHttps: boolean
  revoke: Revoke
}): Promise<Admins> {
  const { openAuthLibrary } = await import('./auth-library.ts')
  return createAdmins(openAuthLibrary(parts), parts.engine, parts.revoke)
}

function createAdmins(auth: AuthLibrary, engine: AdminEngine, revoke: Revoke): Admins {
  const accounts = new Throttle(engine.clock, ACCOUNT_LIMITS)
  const addresses = new Throttle(engine.clock, ADDRESS_LIMITS)

  return {
    async callerOf(headers) {
      if (!headers.has('cookie')) return null
      const found = await auth.api.getSession({ headers, query: { disableRefresh: true } })
      return found === null ? null : sessionCaller(found)
    },

    async signIn({ email, password }, from) {
      const account = email.toLowerCase()
      if (from.address !== null) addresses.spend(addressGroup(from.address))
      accounts.spend(account)
      const headers = new Headers({
        'user-agent': from.userAgent ?? '',
        'x-forwarded-for': from.address ?? '',
      })
      const { headers: set, response } = await auth.api
        .signInEmail({ body: { email, password }, headers, returnHeaders: true })
        .catch(refuseSignIn)
      // A password takes a while to check, and may have been changed or taken away meanwhile.
      if (!(await isPassword(account, password))) {
        const { internalAdapter } = await auth.$context
        await internalAdapter.deleteSession(response.token)
        throw wrongCredentials()
      }
      accounts.forgive(account)
      const expiresAt = new Date(Date.now() + SESSION_SECONDS * 1000)
      return { admin: adminOf(response.user), expiresAt, cookies: set.getSetCookie() }
    },

    async signOut(headers) {
      const { internalAdapter } = await auth.$context
      const found = await auth.api.getSession({ headers, query: { disableRefresh: true } })
      // Not left to the library, which clears the cookies also when the session could not be ended.
      if (found !== null) await internalAdapter.deleteSession(found.session.token)
      const { headers: set } = await auth.api.signOut({ headers, returnHeaders: true })
      if (found !== null) revoke({ session: found.session.id })
      return set.getSetCookie()
    },

    async session(headers) {
      const { headers: set, response } = await auth.api.getSession({ headers, returnHeaders: true })
      if (response === null) return null
      const { user, session } = response
      return { admin: adminOf(user), expiresAt: session.expiresAt, cookies: set.getSetCookie() }
    },

    async create({ email, name, password }) {
      const { adapter, password: passwords } = await auth.$context
      const hash = await passwords.hash(password)
      const known = await findAdmin(email)
      if (known?.isActive) throw new DeskbellError('conflict', `There already is an admin ${email}`)
      const now = new Date(engine.clock.now())
      const stamps = { createdAt: now, updatedAt: now }
      return await adapter.transaction(async (trx) => {
        const admin =
          known?.admin ??
          (await trx.create<Record<string, unknown>, Admin>({
            model: 'user',
            data: { email: email.toLowerCase(), name, emailVerified: true, ...stamps },
          }))
        await trx.create({
          model: 'account',
          data: {
            userId: admin.id,
            accountId: admin.id,
            providerId: 'credential',
            password: hash,
            ...stamps,
          },
        })
        return adminOf(admin)
      })
    },

    async deactivate(email) {
      const { adapter, internalAdapter } = await auth.$context
      const known = await findAdmin(email)
      if (known === null) throw new DeskbellError('not_found', `There is no admin ${email}`)
      const { id } = known.admin
      const where = [{ field: 'userId', value: id }]
      await adapter.transaction(async (trx) => {
        await trx.deleteMany({ model: 'account', where })
        await trx.deleteMany({ model: 'session', where })
      })
      // Once more, for whoever was signing in: from the commit on, a sign-in looks for the password when it has a session.
      await internalAdapter.deleteUserSessions(id)
      revoke({ id })
    },

    async activate(email, password) {
      const known = await findAdmin(email)
      if (known === null) throw new DeskbellError('not_found', `There is no admin ${email}`)
      return await this.create({ ...known.admin, password })
    },

    async list() {
      const { adapter } = await auth.$context
      const all = await adapter.findMany<Admin>({ model: 'user', limit: MOST_LISTED })
      const accounts = await adapter.findMany<{ userId: string }>({ model: 'account', limit: MOST_LISTED })
      const active = new Set(accounts.map(({ userId }) => userId))
      return all
        .map((admin) => ({ ...adminOf(admin), isActive: active.has(admin.id) }))
        .sort((a, b) => a.email.localeCompare(b.email))
    },

    async rename(headers, name) {
      const { headers: set } = await auth.api.updateUser({ headers, body: { name }, returnHeaders: true })
      return set.getSetCookie()
    },

    async changePassword({ id, email, session }, headers, { current, replacement }) {
      // A session that someone left open must not be the way to guess its password.
      accounts.spend(email ?? id)
      const { internalAdapter } = await auth.$context
      await auth.api.verifyPassword({ headers, body: { password: current } }).catch(refusePassword)
      const sessions = await internalAdapter.listSessions(id)
      // First, or who has the new password already could not repeat it; and again, for who signed in with the old one.
      await auth.api.revokeOtherSessions({ headers })
      await auth.api
        .changePassword({ headers, body: { currentPassword: current, newPassword: replacement } })
        .catch(refusePassword)
      accounts.forgive(email ?? id)
      await auth.api.revokeOtherSessions({ headers })
      for (const other of sessions) if (other.id !== session) revoke({ session: other.id })
    },

    async signOutEverywhere({ id }, headers) {
      const { internalAdapter } = await auth.$context
      // All at once; what is left to do then is to clear the cookies.
      await internalAdapter.deleteUserSessions(id)
      const { headers: set } = await auth.api.signOut({ headers, returnHeaders: true })
      revoke({ id })
      return set.getSetCookie()
    },

    async liveSessions(ids) {
      const { adapter } = await auth.$context
      const where = [{ field: 'id', operator: 'in' as const, value: [...ids] }]
      const live = await adapter.findMany<{ id: string }>({ model: 'session', where, limit: ids.length })
      return live.map(({ id }) => id)
    },

    async exists(email) {
      return (await findAdmin(email)) !== null
    },
  }

  async function findAdmin(email: string): Promise<{ admin: Admin; isActive: boolean; hash: string } | null> {
    const { internalAdapter } = await auth.$context
    const found = await internalAdapter.findUserByEmail(email.toLowerCase(), { includeAccounts: true })
    if (found === null) return null
    const [account] = found.accounts
    return { admin: adminOf(found.user), isActive: account !== undefined, hash: account?.password ?? '' }
  }

  async function isPassword(email: string, password: string): Promise<boolean> {
    const known = await findAdmin(email)
    const { password: passwords } = await auth.$context
    return known?.isActive === true && (await passwords.verify({ hash: known.hash, password }))
  }
}

/** The same answer whatever was wrong: nobody learns which addresses have an account. */
function refuseSignIn(error: unknown): never {
  if (error instanceof Error && error.name === 'APIError' && isClientError(error)) {
    throw wrongCredentials()
  }
  throw error
}

function wrongCredentials(): DeskbellError {
  return new DeskbellError('unauthenticated', 'The e-mail address or the password is wrong')
}

function refusePassword(error: unknown): never {
  if (error instanceof Error && error.name === 'APIError' && isClientError(error)) {
    throw new DeskbellError('invalid', 'current_password is wrong.')
  }
  throw error
}

function isClientError(error: object): boolean {
  return 'statusCode' in error && Number(error.statusCode) < 500
}

function adminOf({ id, email, name }: Admin): Admin {
  return { id, email, name }
}

function sessionCaller({ user, session }: { user: Admin; session: { id: string; expiresAt: Date } }): Caller {
  return {
    role: 'admin',
    id: user.id,
    email: user.email,
    name: user.name,
    traits: null,
    locale: null,
    acceptedLocale: null,
    expiresAt: session.expiresAt.getTime(),
    session: session.id,
  }
}
