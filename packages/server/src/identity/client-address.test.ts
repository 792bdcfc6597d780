import { expect, test } from 'vitest'
import { clientAddress } from './client-address.ts'

const forwarded = new Headers({ 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.2' })

test('without a trusted proxy nobody can invent their address', () => {
  expect(clientAddress(forwarded, '192.0.2.1', 0)).toBe('192.0.2.1')
})

test('each trusted proxy is one entry from the right', () => {
  expect(clientAddress(forwarded, '10.0.0.1', 1)).toBe('10.0.0.2')
  expect(clientAddress(forwarded, '10.0.0.1', 2)).toBe('203.0.113.9')
})

test('a request that came past the proxies has the address of its peer', () => {
  expect(clientAddress(new Headers(), '192.0.2.1', 2)).toBe('192.0.2.1')
})
