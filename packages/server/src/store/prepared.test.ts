import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { testEngine, user } from '../testing/engine.ts'
import { prepare, prepareList } from './prepared.ts'

test('a prepared query gives each run the values of that run', async () => {
  await using engine = await testEngine()
  const { db } = engine.store
  const [alice, bob] = [await open(engine, user('alice')), await open(engine, user('bob'))]
  const byId = prepare(({ id, least }: { id: string; least: number }) =>
    db.selectFrom('support_chats').select('id').where('id', '=', id).where('last_seq', '>=', least),
  )
  const runs = [
    byId.run(db, { id: alice.id, least: 0 }),
    byId.run(db, { id: bob.id, least: 0 }),
    byId.run(db, { id: bob.id, least: 1 }),
  ]
  expect(await Promise.all(runs)).toEqual([[{ id: alice.id }], [{ id: bob.id }], []])
})

test('a prepared list takes any number of rows, also none, and is compiled once per number', async () => {
  await using engine = await testEngine()
  const { db } = engine.store
  const ids = await Promise.all(['a', 'b', 'c'].map(async (sub) => (await open(engine, user(sub))).id))
  let compilations = 0
  const byIds = prepareList((rows: { id: string }[]) => {
    compilations++
    return db
      .selectFrom('support_chats')
      .select('id')
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('id')
  })
  for (const count of [0, 1, 3, 2, 3, 1]) {
    const wanted = ids.slice(0, count).map((id) => ({ id }))
    expect(await byIds.run(db, wanted)).toEqual(wanted.toSorted((one, two) => (one.id < two.id ? -1 : 1)))
  }
  expect(compilations).toBe(3)
})
