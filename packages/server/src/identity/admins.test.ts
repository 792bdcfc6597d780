import { type KyselyPlugin, sql } from 'kysely'
import { expect, test } from 'vitest'
import { testEngine } from '../testing/engine.ts'
import { openAdmins } from './admins.ts'

const PASSWORD = 'correct horse battery'
const NOWHERE = { address: null, userAgent: null }

/** Admins on a database that refuses every deletion but the next few, or tells when a password is read, if asked to. */
async function desk() {
  const engine = await testEngine()
  let deletionsLeft = Number.POSITIVE_INFINITY
  let onPasswordRead: (() => void) | undefined
  const hostile: KyselyPlugin = {
    transformQuery({ node }) {
      if (node.kind === 'DeleteQueryNode' && deletionsLeft-- <= 0) throw new Error('not now')
      return node
    },
    async transformResult({ result }) {
      if (result.rows.some((row) => 'password' in row)) onPasswordRead?.()
      return result
    },
  }
  const store = { ...engine.store, db: engine.store.db.withPlugin(hostile) }
  const ended: object[] = []
  const admins = await openAdmins({
    engine: { ...engine, store },
    secret: 'a secret that only the tests know, 32+',
    isHttps: false,
    revoke: (one) => void ended.push(one),
  })
  const sam = await admins.create({ email: 'sam@example.com', name: 'Sam', password: PASSWORD })
  return {
    ...{ admins, sam, ended, db: engine.store.db },
    signIn: async () => {
      const { cookies } = await admins.signIn({ email: 'sam@example.com', password: PASSWORD }, NOWHERE)
      return new Headers({ cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') })
    },
    allowDeletions: (count: number) => {
      deletionsLeft = count
    },
    passwordRead: () =>
      new Promise<void>((resolve) => {
        onPasswordRead = resolve
      }),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

test('an admin signs in with their password until their session is over or their account is closed', async () => {
  await using engine = await testEngine()
  const ended: object[] = []
  const admins = await openAdmins({
    engine,
    secret: 'a secret that only the tests know, 32+',
    isHttps: false,
    revoke: (one) => void ended.push(one),
  })
  const sam = await admins.create({ email: 'Sam@example.com', name: 'Sam', password: PASSWORD })
  await expect(admins.create({ email: 'sam@example.com', name: 'Sam', password: PASSWORD })).rejects.toThrow(
    'already',
  )
  await expect(admins.signIn({ email: 'sam@example.com', password: 'wrong' }, NOWHERE)).rejects.toThrow(
    'is wrong',
  )
  const signIn = async () => {
    const { cookies } = await admins.signIn({ email: 'sam@example.com', password: PASSWORD }, NOWHERE)
    return new Headers({ cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') })
  }
  const headers = await signIn()
  expect(await admins.callerOf(headers)).toMatchObject({ role: 'admin', id: sam.id, name: 'Sam' })

  await sql`update ${sql.table('support_admin_sessions')} set expires_at = '2026-01-01 00:00:00'`.execute(
    engine.store.db,
  )
  expect(await admins.callerOf(headers)).toBeNull()

  const again = await signIn()
  await admins.deactivate('sam@example.com')
  expect(await admins.callerOf(again)).toBeNull()
  expect(ended).toEqual([{ id: sam.id }])
  expect(await admins.list()).toMatchObject([{ email: 'sam@example.com', isActive: false }])
})

test('[P7] an admin is deactivated with all sessions or not at all', async () => {
  await using at = await desk()
  const headers = await at.signIn()
  for (const deletions of [0, 1]) {
    at.allowDeletions(deletions)
    await expect(at.admins.deactivate('sam@example.com')).rejects.toThrow()
    expect(await at.admins.callerOf(headers)).not.toBeNull()
    expect(await at.admins.list()).toMatchObject([{ isActive: true }])
  }
  at.allowDeletions(10)
  await at.admins.deactivate('sam@example.com')
  expect(await at.admins.callerOf(headers)).toBeNull()
})

test('[P7] whoever is deactivated while their password is being checked is not let in', async () => {
  await using at = await desk()
  const isRead = at.passwordRead()
  const deactivated = isRead.then(() => at.admins.deactivate('sam@example.com'))
  await expect(at.signIn()).rejects.toMatchObject({ code: 'unauthenticated' })
  await deactivated
  const { rows } = await sql`select id from ${sql.table('support_admin_sessions')}`.execute(at.db)
  expect(rows).toEqual([])
})

test('[P7] whoever signs in with a password that is changed while it is being checked is not let in', async () => {
  await using at = await desk()
  const here = await at.signIn()
  const isRead = at.passwordRead()
  const accounts = sql.table('support_admin_accounts')
  const changed = isRead.then(() => sql`update ${accounts} set password = 'another:hash'`.execute(at.db))
  await expect(at.signIn()).rejects.toMatchObject({ code: 'unauthenticated' })
  await changed
  const { rows } = await sql`select id from ${sql.table('support_admin_sessions')}`.execute(at.db)
  expect(rows).toHaveLength(1)
  expect(await at.admins.callerOf(here)).toMatchObject({ id: at.sam.id })
})

test('[P7] a sign-out that cannot be stored is not told to have worked', async () => {
  await using at = await desk()
  const headers = await at.signIn()
  at.allowDeletions(0)
  await expect(at.admins.signOut(headers)).rejects.toThrow('not now')
  at.allowDeletions(10)
  const cleared = await at.admins.signOut(headers)
  expect(cleared.join()).toContain('Max-Age=0')
  expect(await at.admins.callerOf(headers)).toBeNull()
  expect(at.ended).toHaveLength(1)
})

test('[P7] whoever signs out everywhere is not signed out here alone, whatever happens', async () => {
  await using at = await desk()
  const [here, elsewhere] = [await at.signIn(), await at.signIn()]
  const caller = await at.admins.callerOf(here)
  if (caller === null) throw new Error('nobody is signed in')
  at.allowDeletions(1)
  await at.admins.signOutEverywhere(caller, here).catch(() => {})
  const left = [await at.admins.callerOf(here), await at.admins.callerOf(elsewhere)]
  expect(left).toEqual([null, null])
  expect(at.ended).toEqual([{ id: at.sam.id }])
})

test('[P7] a password is changed only where every other session could be ended', async () => {
  await using at = await desk()
  const [here, elsewhere] = [await at.signIn(), await at.signIn()]
  const caller = await at.admins.callerOf(here)
  if (caller === null) throw new Error('nobody is signed in')
  const change = () =>
    at.admins.changePassword(caller, here, { current: PASSWORD, replacement: 'another battery' })
  at.allowDeletions(0)
  await expect(change()).rejects.toThrow('not now')
  at.allowDeletions(100)
  await change()
  expect(await at.admins.callerOf(here)).toMatchObject({ id: at.sam.id })
  expect(await at.admins.callerOf(elsewhere)).toBeNull()
})
