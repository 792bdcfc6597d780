import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testEngine } from '../testing/engine.ts'
import { type Columns, compilable, prepareColumns } from './prepared.ts'

test('a statement over columns takes any number of rows with whatever is in them, and is compiled once', async () => {
  await using engine = await testEngine()
  const { db } = engine.store
  let compilations = 0
  const echo = prepareColumns((rows: Columns<{ text: string | null; count: number }>) => {
    compilations++
    return compilable(
      db,
      sql`select * from unnest(${rows.text}::text[], ${rows.count}::bigint[]) as row (text, count)`,
    )
  })
  const rows = ['plain', '"quoted", {braced} \\ NULL', '', null, 'two\nlines', '漢字 👋'].map(
    (text, count) => ({ text, count }),
  )
  for (const length of [0, 1, rows.length]) {
    expect(await echo.run(db, rows.slice(0, length))).toEqual(rows.slice(0, length))
  }
  expect(compilations).toBe(1)
})
