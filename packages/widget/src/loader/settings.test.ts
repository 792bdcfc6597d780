import { expect, test } from 'vitest'
import { apiAddress, cableAddress } from './settings.ts'

const both = (base: string, settings = {}) => [apiAddress(settings, base), cableAddress(settings, base)]

test('a desk of its own serves its interface under /api', () => {
  expect(both('https://desk.example/')).toEqual(['https://desk.example/api', 'wss://desk.example/cable'])
})

test('a mounted desk serves everything below its base', () => {
  expect(both('http://app.example:8080/x/support/')).toEqual([
    'http://app.example:8080/x/support',
    'ws://app.example:8080/x/support/cable',
  ])
})

test('addresses that the host names win, relative ones as well', () => {
  expect(both('https://desk.example/', { api: '/help/api/', cable: 'wss://live.example/cable' })).toEqual([
    'https://desk.example/help/api',
    'wss://live.example/cable',
  ])
})
