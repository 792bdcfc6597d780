import { expect, test } from 'vitest'
import { busEnd } from '../../testing/bus-end.ts'
import { waited } from '../../testing/waited.ts'
import { loadClient } from './line.ts'
import { natsAddress } from './nats.ts'
import { namesBus, openBus } from './open.ts'
import { clusterAddress } from './redis-cluster.ts'

test('an address names a bus, or is refused before anything starts', () => {
  const known = [
    'redis://localhost',
    'rediss://user:password@redis.example:6380/2',
    'redis+cluster://a:7000,b:7001,[::1]:7002',
    'rediss+cluster://user:p%40ss@a',
    'nats://localhost',
    'nats://user:password@a:4222,b:4223',
    'postgres://user@host/database',
    'postgresql://host/database?sslmode=require',
  ]
  expect(known.filter((url) => !namesBus(url) || openBus(url) === null)).toEqual([])
  const unknown = [
    'kafka://bus',
    'redis:',
    'redis://',
    'redis://sam:100%@host',
    'redis://sam:hunter#2@host',
    'redis+cluster://',
    'nats://',
    'nats://a b',
    'nats://sam:100%@host',
    'redis',
    '',
  ]
  expect(unknown.filter((url) => namesBus(url) || openBus(url) !== null)).toEqual([])
})

test('a cluster is several nodes with one way to sign in', () => {
  expect(clusterAddress('rediss+cluster://sam:p%40ss@a:7000,[::1]')).toEqual({
    nodes: [
      { host: 'a', port: 7000 },
      { host: '::1', port: 6379 },
    ],
    username: 'sam',
    password: 'p@ss',
    tls: {},
  })
  expect(natsAddress('nats://token@a,b:4223')).toEqual({ servers: ['a:4222', 'b:4223'], token: 'token' })
  expect(natsAddress('nats://sam:p%40ss@a')).toEqual({ servers: ['a:4222'], user: 'sam', pass: 'p@ss' })
})

test('a client that is not installed is asked for by name', async () => {
  const missing = loadClient(() => Promise.reject(new Error('not found')), 'redis://', 'ioredis')
  await expect(missing).rejects.toThrow('A redis:// BUS_URL needs the package ioredis: npm install ioredis')
})

test.concurrent.each(['redis', 'redis+cluster', 'nats', 'postgres'])(
  'whoever asks a %s bus that cannot be connected learns why',
  async (scheme) => {
    // Nobody listens on port 1.
    await using end = await busEnd(openBus(`${scheme}://sam:password@127.0.0.1:1`), 'desk')
    const failure = async () =>
      await end.bus.ping().then(
        () => null,
        (error: Error) => error,
      )
    await waited('the reason is known', async () => (await failure())?.cause !== undefined)
    expect(await failure()).toMatchObject({
      message: 'not connected',
      cause: { message: expect.stringMatching(/refused/i) },
    })
  },
)
