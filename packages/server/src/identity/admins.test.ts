import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testEngine } from '../testing/engine.ts'
import { openAdmins } from './admins.ts'

const PASSWORD = 'correct horse battery'
const NOWHERE = { address: null, userAgent: null }

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
