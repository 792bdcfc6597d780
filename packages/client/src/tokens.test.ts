import { expect, test } from 'vitest'
import { FakeClock } from './testing/fake-clock.ts'
import { Tokens } from './tokens.ts'

const jwt = (claims: object) => `head.${btoa(JSON.stringify(claims))}.signature`

test('a token is asked for once, and again when it is refused or about to expire', async () => {
  const clock = new FakeClock()
  let asked = 0
  const exp = clock.now() / 1_000 + 3_600
  const tokens = new Tokens(() => jwt({ sub: 'alice', exp, jti: ++asked }), clock)
  await Promise.all([tokens.current(), tokens.current()])
  expect(asked).toBe(1)
  expect(tokens.subject).toBe('alice')
  tokens.refuse()
  await tokens.current()
  expect(asked).toBe(2)
  await clock.advance(3_580_000)
  await tokens.current()
  expect(asked).toBe(3)
})

test('a token of no length is nobody’s, as that of an attribute without a value', async () => {
  for (const source of ['', () => '', () => Promise.resolve('')])
    expect(await new Tokens(source, new FakeClock()).current()).toBe(null)
})

test('a host that could not give a token is asked again', async () => {
  const answers = [Promise.reject(new Error('host is down')), Promise.resolve('opaque')]
  const tokens = new Tokens(() => answers.shift() ?? null, new FakeClock())
  await expect(tokens.current()).rejects.toThrow('host is down')
  expect(await tokens.current()).toBe('opaque')
  expect(tokens.subject).toBe(null)
})
