import type { Cluster, Redis } from 'ioredis'
import { Lifeline } from './lifeline.ts'
import { type Line, type LineEvents, loadClient, type Parcel } from './line.ts'
import { REDIS_OPTIONS } from './redis.ts'

const MAX_BYTES = 1024 * 1024
/** How often it is asked which node has what. */
const SLOTS_MS = 5_000

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
  #lifeline: Lifeline<Cluster> | undefined
  #failure: Error | undefined

  constructor({ nodes, ...options }: ClusterAddress) {
    this.#nodes = nodes
    this.#options = options
  }

  async open({ heard, connected }: LineEvents): Promise<void> {
    const { Cluster, Redis } = await loadClient(() => import('ioredis'), 'redis+cluster://', 'ioredis')
    const make = () => {
      const cluster = new Cluster(this.#nodes, {
        shardedSubscribers: true,
        enableOfflineQueue: false,
        lazyConnect: true,
        // Its own way of connecting again listens to nothing any more if a node hung while it was tried.
        clusterRetryStrategy: () => null,
        // Certificates are for names, which a cluster that announces addresses has not.
        dnsLookup: (address, callback) => callback(null, address),
        redisOptions: { ...REDIS_OPTIONS, ...this.#options },
      })
      cluster.on('error', (error: Error & { lastNodeError?: Error }) => {
        void this.#ask(Redis, error.lastNodeError ?? error)
      })
      cluster.on('smessage', (_channel: string, text: string) => heard(text))
      return cluster
    }
    this.#lifeline = new Lifeline({
      connect: (lost) => connection(make(), lost),
      discard: (cluster) => cluster.disconnect(),
    })
    this.#lifeline.start(connected)
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    await this.#tell(parcels, (cluster, { channel, text }) => cluster.spublish(channel, text))
  }

  async listen(channels: readonly string[]): Promise<void> {
    await this.#tell(channels, (cluster, channel) => cluster.ssubscribe(channel))
  }

  async unlisten(channels: readonly string[]): Promise<void> {
    await this.#tell(channels, (cluster, channel) => cluster.sunsubscribe(channel))
  }

  reset(): void {
    this.#lifeline?.reset()
  }

  async close(): Promise<void> {
    this.#lifeline?.close()
  }

  async #tell<T>(all: readonly T[], one: (cluster: Cluster, each: T) => Promise<unknown>): Promise<void> {
    if (this.#lifeline?.current === undefined) throw new Error('not connected', { cause: this.#failure })
    await this.#lifeline.ask((cluster) => Promise.all(all.map((each) => one(cluster, each))))
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
}

/** Connects to a cluster. What its `connect` promises is not kept when the nodes are there and the cluster is not whole. */
function connection(cluster: Cluster, lost: () => void): Promise<Cluster> {
  // The timer of its own for this may outlive it.
  let refreshing: NodeJS.Timeout | undefined
  return new Promise((resolve, reject) => {
    cluster.on('ready', () => {
      refreshing = setInterval(() => cluster.refreshSlotsCache(), SLOTS_MS).unref()
      resolve(cluster)
    })
    cluster.on('end', () => {
      clearInterval(refreshing)
      cluster.disconnect()
      reject(new Error('the cluster is not there'))
      lost()
    })
    cluster.connect().catch(() => {})
  })
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
