import { expect, test } from 'vitest'
import { httpDesk } from '../testing/http-desk.ts'

const APP = 'https://app.example'

test('a page of an allowed origin may read answers, links and errors', async () => {
  await using at = await httpDesk({ allowedOrigins: [APP] })
  for (const path of ['/support_chat', '/nothing']) {
    const { headers } = await at.ask(path, { headers: { origin: APP } })
    expect(headers.get('access-control-allow-origin')).toBe(APP)
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect(headers.get('access-control-expose-headers')).toBe('Link, Retry-After, deskbell-epoch')
    expect(headers.get('vary')).toContain('Origin')
  }
})

test('a page of any other origin may not', async () => {
  await using at = await httpDesk({ allowedOrigins: [APP] })
  for (const origin of ['https://evil.example', 'null', 'http://app.example']) {
    const { headers } = await at.ask('/support_chat', { headers: { origin } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('vary')).toContain('Origin')
  }
})

test('a preflight names the methods and headers that are allowed, to allowed pages', async () => {
  await using at = await httpDesk({ allowedOrigins: [APP] })
  const ask = (origin: string) =>
    at.ask('/support_chat/messages', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
  const allowed = await ask(APP)
  expect(allowed.status).toBe(204)
  expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST')
  expect(allowed.headers.get('access-control-allow-headers')).toBe(
    'Authorization, Content-Type, Last-Event-ID',
  )
  const refused = await ask('https://evil.example')
  expect([...refused.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})
