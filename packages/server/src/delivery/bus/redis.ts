import type { Redis, RedisOptions } from 'ioredis'
import { type Line, type LineEvents, loadClient, type Parcel, pauseMs } from './line.ts'

/** What Redis itself takes is 512 MB; no event of ours comes near. */
const MAX_BYTES = 1024 * 1024
const CONNECT_MS = 3_000
const SILENT_MS = 5_000

/** What is the same for every connection: what cannot be said now is not said later, and subscriptions are ours to renew. */
export const REDIS_OPTIONS = {
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_MS,
  // Also of a server that takes a connection and then says nothing.
  socketTimeout: SILENT_MS,
  keepAlive: 5_000,
  connectionName: 'deskbell',
  retryStrategy: pauseMs,
} satisfies RedisOptions

/** Redis, Valkey and what else speaks its protocol: `redis://`, `rediss://`. */
export class RedisLine implements Line {
  readonly maxBytes = MAX_BYTES
  readonly #url: string
  /** A connection that listens can do nothing else. */
  #clients: { ears: Redis; mouth: Redis } | undefined
  #failure: Error | undefined

  constructor(url: string) {
    this.#url = url
  }

  async open({ heard, connected }: LineEvents): Promise<void> {
    const { Redis } = await loadClient(() => import('ioredis'), 'redis://', 'ioredis')
    const client = () => {
      const made = new Redis(this.#url, { ...REDIS_OPTIONS, lazyConnect: true })
      // It tries again by itself, and whoever sends meanwhile is told.
      made.on('error', (error) => {
        this.#failure = error
      })
      return made
    }
    const [ears, mouth] = [client(), client()]
    ears.on('message', (_channel: string, text: string) => heard(text))
    ears.on('ready', connected)
    this.#clients = { ears, mouth }
    for (const one of [ears, mouth]) one.connect().catch(() => {})
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    const pipeline = this.#connected('mouth').pipeline()
    for (const { channel, text } of parcels) pipeline.publish(channel, text)
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error
  }

  async listen(channels: readonly string[]): Promise<void> {
    await this.#connected('ears').subscribe(...channels)
  }

  async unlisten(channels: readonly string[]): Promise<void> {
    await this.#connected('ears').unsubscribe(...channels)
  }

  reset(): void {
    for (const one of this.#all()) if (one.status === 'ready') one.disconnect(true)
  }

  async close(): Promise<void> {
    for (const one of this.#all()) one.disconnect()
  }

  #all(): Redis[] {
    return this.#clients === undefined ? [] : [this.#clients.ears, this.#clients.mouth]
  }

  #connected(which: 'ears' | 'mouth'): Redis {
    const client = this.#clients?.[which]
    if (client?.status !== 'ready') throw new Error('not connected', { cause: this.#failure })
    return client
  }
}
