import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { postgresServer, statements } from './database-server.ts'
import { freePort } from './free-port.ts'
import { type Make, type OwnServer, ServerProcess } from './server-process.ts'
import { waited } from './waited.ts'

/** Servers that carry a bus, of a test's own. */
export interface BusServer extends AsyncDisposable {
  /** What `BUS_URL` would be. */
  readonly url: string
  /** All its processes. */
  pids(): number[]
  /** Ends all of it in the middle of what it does. */
  crash(): Promise<void>
  restart(): Promise<void>
  /** Each ends connections of its clients, as an operator or a server that is short of something does. */
  readonly hangUps: readonly (() => Promise<void>)[]
  /** Its processes neither work nor end, until they go on. */
  freeze(): void
  thaw(): void
}

export type BusName = 'Redis' | 'Redis Cluster' | 'NATS' | 'PostgreSQL'

const ALL: readonly BusName[] = ['Redis', 'Redis Cluster', 'NATS', 'PostgreSQL']

/** Those that a run is about: vitest.config.ts tells, else all. */
export const BUSES = ALL.filter((name) => name.startsWith(process.env.DESKBELL_TEST_BUS ?? ''))

export async function busServer(name: BusName): Promise<BusServer> {
  switch (name) {
    case 'Redis': {
      const server = await redisServer()
      return busOf(`redis://127.0.0.1:${server.port}`, [server], redisHangUps([server]))
    }
    case 'Redis Cluster':
      return await redisCluster()
    case 'NATS': {
      const server = await natsServer({ args: (folder) => ['--config', natsConfig(folder, '')] })
      return busOf(`nats://127.0.0.1:${server.port}`, [server], [() => natsHangUp(server)])
    }
    case 'PostgreSQL': {
      const server = await postgresServer('quick')
      const url = server.url('postgres')
      const hangUp = () =>
        statements(
          url,
          'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
        )
      return busOf(url, [server], [hangUp])
    }
  }
}

function busOf(
  url: string,
  servers: readonly OwnServer[],
  hangUps: readonly (() => Promise<void>)[],
): BusServer {
  const pids = () => servers.flatMap((server) => server.pids())
  const kill = (signal: NodeJS.Signals) => {
    for (const pid of pids()) process.kill(pid, signal)
  }
  return {
    url,
    pids,
    hangUps,
    crash: async () => void (await Promise.all(servers.map((server) => server.crash()))),
    restart: async () => void (await Promise.all(servers.map((server) => server.restart()))),
    freeze: () => kill('SIGSTOP'),
    thaw: () => kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
    },
  }
}

/** Those who listen, those who speak, and all of them. */
function redisHangUps(servers: readonly OwnServer[]) {
  return [['pubsub'], ['normal'], ['pubsub', 'normal']].map((types) => async () => {
    let ended = 0
    for (const { port } of servers) {
      const client = new Redis(port, '127.0.0.1')
      for (const type of types) ended += Number(await client.call('CLIENT', 'KILL', 'TYPE', type))
      client.disconnect()
    }
    if (ended === 0) throw new Error('nobody was connected')
  })
}

/** All at once it wants a password, of those who are there as well; and then it does not any more. */
async function natsHangUp({ folder, port, pid }: OwnServer): Promise<void> {
  for (const [content, said] of [
    ['authorization { token: "secret" }', /"auth_required":true/],
    ['', /^INFO (?!.*"auth_required":true)/],
  ] as const) {
    natsConfig(folder, content)
    process.kill(pid, 'SIGHUP')
    const isSo = () =>
      answer(port, '', said).then(
        () => true,
        () => false,
      )
    await waited('it has read that', isSo)
  }
}

/** Writes what a NATS server is configured with, and tells where. */
function natsConfig(folder: string, content: string): string {
  const file = join(folder, 'nats.conf')
  writeFileSync(file, content)
  return file
}

/** What else a server is started with, when its folder is known. */
export interface More extends Pick<Make, 'isCertified'> {
  args?(folder: string): readonly string[]
}

export function redisServer({ args, ...make }: More = {}): Promise<OwnServer> {
  return ServerProcess.start({
    ...make,
    account: 'redis',
    stopSignal: 'SIGKILL',
    programs: ['redis-server'],
    packageName: 'redis-server',
    serve: (folder, port) => [
      'redis-server',
      ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...(args?.(folder) ?? []),
    ],
    url: (port) => `redis://127.0.0.1:${port}`,
    ask: (port) => answer(port, 'PING\r\n', /^(\+PONG|-NOAUTH)/),
  })
}

export function natsServer({ args, ...make }: More = {}): Promise<OwnServer> {
  return ServerProcess.start({
    ...make,
    account: 'nats',
    stopSignal: 'SIGKILL',
    programs: ['nats-server'],
    packageName: 'nats-server',
    serve: (folder, port) => [
      ...['nats-server', '--addr', '127.0.0.1', '--port', `${port}`],
      ...(args?.(folder) ?? []),
    ],
    url: (port) => `nats://127.0.0.1:${port}`,
    ask: (port) => answer(port, '', /^INFO/),
  })
}

/** Slots of a cluster (Redis cluster specification), shared by three nodes. */
const SLOTS = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const

async function redisCluster(): Promise<BusServer> {
  const nodes = await Promise.all(
    SLOTS.map(async () => {
      const meeting = await freePort()
      const server = await redisServer({
        args: () => [
          ...['--cluster-enabled', 'yes', '--cluster-port', `${meeting}`, '--cluster-node-timeout', '2000'],
        ],
      })
      return { server, meeting }
    }),
  )
  const [{ server: first, meeting } = unreachable()] = nodes
  for (const [index, { server }] of nodes.entries()) {
    const client = new Redis(server.port, '127.0.0.1')
    await client.cluster('ADDSLOTSRANGE', ...(SLOTS[index] ?? []))
    if (server !== first) await client.cluster('MEET', '127.0.0.1', first.port, meeting)
    client.disconnect()
  }
  for (const { server } of nodes) await isWhole(server.port)
  const servers = nodes.map(({ server }) => server)
  const bus = busOf(
    `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    redisHangUps(servers),
  )
  return {
    ...bus,
    async restart() {
      await bus.restart()
      for (const { port } of servers) await isWhole(port)
    },
  }
}

async function isWhole(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1')
  await clusterIsWhole(client)
  client.disconnect()
}

/** Resolves when all slots of a client's cluster are served. */
export async function clusterIsWhole(client: Redis): Promise<void> {
  await waited('the cluster is whole', async () =>
    String(await client.cluster('INFO')).includes('cluster_state:ok'),
  )
}

/** Resolves when a server answers a line as expected. */
async function answer(port: number, line: string, expected: RegExp): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('it hung up')))
      socket.on('data', (bytes) => {
        if (expected.test(String(bytes))) resolve()
        else reject(new Error(String(bytes)))
      })
      socket.write(line)
    })
  } finally {
    socket.destroy()
  }
}

function unreachable(): never {
  throw new Error('unreachable: a cluster has nodes')
}
