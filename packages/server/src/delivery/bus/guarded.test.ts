import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { chatStream } from '@deskbell/protocol'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { busEnd, hears } from '../../testing/bus-end.ts'
import { BUSES, type BusName } from '../../testing/bus-server.ts'
import { type GuardedServer, guardedBus, PASSWORD } from '../../testing/guarded-server.ts'
import { waited } from '../../testing/waited.ts'
import { openBus } from './open.ts'
import { Pulse } from './pulse.ts'

const STREAM = chatStream('0192f0c1-7a3e-7c5d-9a51-3f3f7c1d2e4b')
const WRONG = 'hunter/3#'
const TRUSTED = getCACertificates('default')

const servers = new Map<BusName, GuardedServer>()
beforeAll(async () => {
  await Promise.all(BUSES.map(async (name) => servers.set(name, await guardedBus(name))))
})
afterAll(async () => {
  for (const server of servers.values()) await server[Symbol.asyncDispose]()
})

function guarded(name: BusName): GuardedServer {
  const server = servers.get(name)
  if (server === undefined) throw new Error('unreachable: all of them are started')
  return server
}

async function hearEachOther(url: string): Promise<void> {
  await using here = await busEnd(openBus(url), 'desk')
  await using there = await busEnd(openBus(url), 'desk')
  there.bus.follow(STREAM)
  await hears(there, here, STREAM)
}

/** What an operator finds in the log of a desk with this address, in which there must be no password. */
async function logged(url: string): Promise<string> {
  const lines: string[] = []
  await using end = await busEnd(openBus(url), 'desk')
  const pulse = new Pulse(end.bus, pino({ level: 'trace' }, { write: (line) => void lines.push(line) }))
  pulse.start()
  await waited('it is told', () => lines.length > 0)
  pulse.stop()
  const log = lines.join('')
  for (const secret of [PASSWORD, WRONG].flatMap((one) => [one, encodeURIComponent(one)])) {
    expect(log).not.toContain(secret)
  }
  return log
}

describe('a certificate that is trusted', () => {
  // As NODE_EXTRA_CA_CERTS does for a process.
  beforeAll(() => {
    setDefaultCACertificates([...TRUSTED, ...[...servers.values()].map(({ certificate }) => certificate)])
  })
  afterAll(() => setDefaultCACertificates(TRUSTED))

  test.concurrent.each(BUSES)('desks hear each other by %s with a password', async (name) => {
    await hearEachOther(guarded(name).plain(PASSWORD))
  })

  test.concurrent.each(BUSES)('desks hear each other by %s over TLS', async (name) => {
    await hearEachOther(guarded(name).tls(PASSWORD))
  })

  test.concurrent.each(BUSES)(
    '[P8] that %s wants another password is logged, with the setting',
    async (name) => {
      for (const url of [guarded(name).plain(WRONG), guarded(name).tls(WRONG)]) {
        const log = await logged(url)
        expect(log).toContain('BUS_URL')
        expect(log).toMatch(/password|authorization/i)
      }
    },
  )

  test('NATS that has no TLS is told nothing by an address that wants it', async () => {
    const log = await logged(guarded('NATS').plain(PASSWORD).replace('nats:', 'tls:'))
    expect(log).toContain("server does not support 'tls'")
  })
})

describe('a certificate that nobody vouches for', () => {
  test.concurrent.each(BUSES)('%s is told nothing, and the log says why', async (name) => {
    const log = await logged(guarded(name).tls(PASSWORD))
    expect(log).toContain('BUS_URL')
    expect(log).toContain('self-signed certificate')
  })
})
