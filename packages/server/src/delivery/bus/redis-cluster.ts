import type { Cluster, Redis } from 'ioredis'
import { type Line, type LineEvents, loadClient, type Parcel, pauseMs } from './line.ts'
import { REDIS_OPTIONS } from './redis.ts'

const MAX_BYTES = 1024 * 1024

interface Node {
  host: string
  port: number
}

/** How the nodes of a cluster are signed in to. */
interface SignIn {
  username?: string
  password?: string
  tls?: object
}

interface ClusterAddress extends SignIn {
  nodes: Node[]
}

/** A cluster of Redis 7 or newer: sharded channels, so that what is said on one is told by one node only. */
export class RedisClusterLine implements Line {
  readonly maxBytes = MAX_BYTES
  readonly #nodes: Node[]
  readonly #options: SignIn
  #cluster: Cluster | undefined
  #failure: Error | undefined

  constructor({ nodes, ...options }: ClusterAddress) {
    this.#nodes = nodes
    this.#options = options
  }

  async open({ heard, connected }: LineEvents): Promise<void> {
    const { Cluster, Redis } = await loadClient(() => import('ioredis'), 'redis+cluster://', 'ioredis')
    const cluster = new Cluster(this.#nodes, {
      shardedSubscribers: true,
      enableOfflineQueue: false,
      lazyConnect: true,
      clusterRetryStrategy: pauseMs,
      slotsRefreshInterval: 5_000,
      // Certificates are for names, which a cluster that announces addresses has not.
      dnsLookup: (address, callback) => callback(null, address),
      redisOptions: { ...REDIS_OPTIONS, ...this.#options },
    })
    cluster.on('error', (error: Error & { lastNodeError?: Error }) => {
      void this.#ask(Redis, error.lastNodeError ?? error)
    })
    cluster.on('smessage', (_channel: string, text: string) => heard(text))
    cluster.on('ready', connected)
    this.#cluster = cluster
    cluster.connect().catch(() => {})
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    const cluster = this.#connected()
    await Promise.all(parcels.map(({ channel, text }) => cluster.spublish(channel, text)))
  }

  async listen(channels: readonly string[]): Promise<void> {
    const cluster = this.#connected()
    await Promise.all(channels.map((channel) => cluster.ssubscribe(channel)))
  }

  async unlisten(channels: readonly string[]): Promise<void> {
    const cluster = this.#connected()
    await Promise.all(channels.map((channel) => cluster.sunsubscribe(channel)))
  }

  reset(): void {
    if (this.#cluster?.status === 'ready') this.#cluster.disconnect(true)
  }

  async close(): Promise<void> {
    this.#cluster?.disconnect()
  }

  /** Of nodes that cannot be connected, a cluster says only that their connections are closed: one is asked why. */
  async #ask(client: typeof Redis, failure: Error): Promise<void> {
    const node = new client({
      ...REDIS_OPTIONS,
      ...this.#options,
      ...this.#nodes[0],
      ...{ lazyConnect: true, retryStrategy: null },
    })
    let reason = failure
    node.on('error', (error) => {
      reason = error
    })
    await node.connect().catch(() => {})
    node.disconnect()
    this.#failure = reason
  }

  #connected(): Cluster {
    if (this.#cluster?.status !== 'ready') throw new Error('not connected', { cause: this.#failure })
    return this.#cluster
  }
}

/**
 * Where the nodes of a cluster are, and how to sign in: `redis+cluster://user:password@host:port,host:port`, or
 * `rediss+cluster://` with TLS. Throws for what is no such address.
 */
export function clusterAddress(url: string): ClusterAddress {
  const [, scheme = '', user, password, list = ''] =
    /^(rediss?)\+cluster:\/\/(?:([^:@/]*):([^@/]*)@)?([^@/?#]+)\/?$/.exec(url) ?? []
  const nodes = list.split(',').map((node) => {
    const { hostname, port } = new URL(`http://${node}`)
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }
  })
  return {
    nodes,
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(scheme === 'rediss' && { tls: {} }),
  }
}
