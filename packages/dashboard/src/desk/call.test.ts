import { expect, test } from 'vitest'
import { nextPage } from './call.ts'

test('finds the next page in a Link header, whatever else stands there', () => {
  expect(nextPage('</api/admin/chats?cursor=a,b>; rel="next"')).toBe('/api/admin/chats?cursor=a,b')
  expect(nextPage('</first>; rel="first", </next?x=1>; rel=next')).toBe('/next?x=1')
  expect(nextPage('</first>; rel="first"')).toBeNull()
  expect(nextPage(null)).toBeNull()
})
