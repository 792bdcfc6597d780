import { expect, test } from 'vitest'
import { cookiesCount, type OriginRule } from './origin.ts'

const rule: OriginRule = { publicOrigin: null, allowedOrigins: ['https://app.example'] }
const proxied: OriginRule = { ...rule, publicOrigin: 'https://desk.example' }

function request(method: string, headers: Record<string, string>): Request {
  return new Request('http://desk.test/api/x', { method, headers: { host: 'desk.test', ...headers } })
}

const CASES: [string, OriginRule, string, Record<string, string>, boolean][] = [
  ['a change from the desk’s own page', rule, 'POST', { origin: 'http://desk.test' }, true],
  ['a change from an allowed page', rule, 'POST', { origin: 'https://app.example' }, true],
  ['a change from any other page', rule, 'POST', { origin: 'https://evil.example' }, false],
  ['a change from a page that hides its origin', rule, 'POST', { origin: 'null' }, false],
  ['a change without an origin', rule, 'POST', {}, false],
  [
    'a page whose name begins like an allowed one',
    rule,
    'POST',
    { origin: 'https://app.example.evil' },
    false,
  ],
  ['an allowed name under another scheme', rule, 'POST', { origin: 'http://app.example' }, false],
  ['another port of the same host', rule, 'POST', { origin: 'http://desk.test:81' }, false],
  ['the own page behind a proxy that ends TLS', rule, 'POST', { origin: 'https://desk.test' }, true],
  ['a read without an origin', rule, 'GET', {}, true],
  ['a read that a link of another site leads to', rule, 'GET', { 'sec-fetch-site': 'cross-site' }, false],
  ['a read of the own page', rule, 'GET', { 'sec-fetch-site': 'same-origin' }, true],
  ['a read from any other page', rule, 'GET', { origin: 'https://evil.example' }, false],
  ['an upgrade without an origin', rule, 'GET', { upgrade: 'websocket' }, false],
  ['an upgrade from the own page', rule, 'GET', { upgrade: 'websocket', origin: 'http://desk.test' }, true],
  [
    'an upgrade from any other page',
    rule,
    'GET',
    { upgrade: 'websocket', origin: 'https://evil.example' },
    false,
  ],
  ['a page of PUBLIC_URL', proxied, 'POST', { origin: 'https://desk.example' }, true],
  [
    'a page of the host header, where PUBLIC_URL says otherwise',
    proxied,
    'POST',
    { origin: 'http://desk.test' },
    false,
  ],
]

test.each(CASES)('cookies: %s', (_what, origins, method, headers, count) => {
  expect(cookiesCount(request(method, headers), origins)).toBe(count)
})
