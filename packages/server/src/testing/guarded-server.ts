import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type BusName, clusterIsWhole, type More, natsServer, redisServer } from './bus-server.ts'
import { mariadbServer, postgresServer, statements } from './database-server.ts'
import { freePort } from './free-port.ts'
import { CERTIFICATE, KEY, type OwnServer } from './server-process.ts'

/** Of everyone who is let in; as it stands in an address, it is percent-encoded. */
export const PASSWORD = 'hunter/2#'

/** A server that lets nobody in without a password, and has a certificate that it signed itself. */
export interface GuardedServer extends AsyncDisposable {
  /** Its address for who knows this password, without TLS and with it. */
  plain(password: string): string
  tls(password: string): string
  /** As PEM. */
  readonly certificate: string
}

export async function guardedBus(name: BusName): Promise<GuardedServer> {
  switch (name) {
    case 'Redis':
      return await guardedRedis({ scheme: '', args: [] })
    case 'Redis Cluster': {
      const args = [
        ...['--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`, '--tls-cluster', 'yes'],
        // Nobody has met it who could tell it.
        ...['--cluster-announce-ip', '127.0.0.1'],
      ]
      return await guardedRedis({ scheme: '+cluster', args })
    }
    case 'NATS':
      return await guardedNats()
    case 'PostgreSQL':
      return await guardedDatabase('postgres')
  }
}

async function guardedRedis({ scheme, args }: { scheme: string; args: string[] }): Promise<GuardedServer> {
  const tlsPort = await freePort()
  const server = await redisServer({
    isCertified: true,
    args: (folder) => [
      ...['--requirepass', PASSWORD, '--tls-port', `${tlsPort}`, '--tls-auth-clients', 'no', ...args],
      ...['--tls-cert-file', join(folder, CERTIFICATE), '--tls-key-file', join(folder, KEY)],
      ...['--tls-ca-cert-file', join(folder, CERTIFICATE)],
    ],
  })
  if (args.includes('--cluster-enabled')) await takeAllSlots(server)
  return guarded([server], {
    plain: (password) => `redis${scheme}://default:${password}@127.0.0.1:${server.port}`,
    tls: (password) => `rediss${scheme}://default:${password}@127.0.0.1:${tlsPort}`,
  })
}

async function takeAllSlots({ port }: OwnServer): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1', password: PASSWORD })
  await client.cluster('ADDSLOTSRANGE', 0, 16_383)
  await clusterIsWhole(client)
  client.disconnect()
}

async function guardedNats(): Promise<GuardedServer> {
  const signIn = ['--user', 'sam', '--pass', PASSWORD]
  const more: More = {
    isCertified: true,
    args: (folder) => [
      ...signIn,
      ...['--tls', '--tlscert', join(folder, CERTIFICATE), '--tlskey', join(folder, KEY)],
    ],
  }
  const [server, open] = await Promise.all([natsServer(more), natsServer({ args: () => signIn })])
  return guarded([server, open], {
    plain: (password) => `nats://sam:${password}@127.0.0.1:${open.port}`,
    tls: (password) => `tls://sam:${password}@127.0.0.1:${server.port}`,
  })
}

/** A database with a user for either way; the one of TLS is let in by no other. */
export async function guardedDatabase(name: 'postgres' | 'mysql'): Promise<GuardedServer> {
  if (name === 'postgres') {
    const server = await postgresServer('quick', { isCertified: true })
    await statements(
      server.url('postgres'),
      `create role sam login password '${PASSWORD}'`,
      `create role tess login password '${PASSWORD}' in role sam`,
      'create database desk owner sam',
    )
    const url = (who: string, password: string) =>
      `postgres://${who}:${password}@127.0.0.1:${server.port}/desk`
    return guarded([server], {
      plain: (password) => url('sam', password),
      tls: (password) => `${url('tess', password)}?sslmode=verify-full`,
    })
  }
  const server = await mariadbServer('quick', { isCertified: true })
  await statements(
    server.url(),
    'create database desk',
    `create user sam identified by '${PASSWORD}'`,
    `create user tess identified by '${PASSWORD}' require ssl`,
    'grant all on desk.* to sam, tess',
  )
  const url = (who: string, password: string) => `mysql://${who}:${password}@127.0.0.1:${server.port}/desk`
  return guarded([server], {
    plain: (password) => url('sam', password),
    tls: (password) => `${url('tess', password)}?ssl={"verifyIdentity":true}`,
  })
}

function guarded(
  servers: readonly [OwnServer, ...OwnServer[]],
  { plain, tls }: Pick<GuardedServer, 'plain' | 'tls'>,
): GuardedServer {
  return {
    plain: (password) => plain(encodeURIComponent(password)),
    tls: (password) => tls(encodeURIComponent(password)),
    certificate: readFileSync(join(servers[0].folder, CERTIFICATE), 'utf8'),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
    },
  }
}
