import { expect, test } from 'vitest'
import { idMaker } from './id.ts'

test('ids are UUIDv7, each later than the one before it, and no two desks make the same', () => {
  const [here, there] = [idMaker(), idMaker()]
  const ids = Array.from({ length: 5_000 }, () => here())
  expect(ids.toSorted()).toEqual(ids)
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true)
  const others = Array.from({ length: 5_000 }, () => there())
  expect(new Set([...ids, ...others]).size).toBe(10_000)
})
