import type { ConnectionOptions, NatsConnection, Subscription } from '@nats-io/transport-node'
import { Lifeline } from './lifeline.ts'
import { type Line, type LineEvents, loadClient, type Parcel } from './line.ts'

/** Half of what a server takes by default. */
const MAX_BYTES = 512 * 1024
/** Room in a packet for what is not text. */
const HEAD_BYTES = 1024
const CONNECT_MS = 3_000

interface Connected {
  nats: NatsConnection
  subscriptions: Map<string, Subscription>
}

/** NATS, one server or several of a cluster: `nats://`, and `tls://` where nothing may be said without TLS. */
export class NatsLine implements Line {
  readonly #address: ConnectionOptions
  #lifeline: Lifeline<Connected> | undefined
  #heard: (text: string) => void = () => {}

  constructor(address: ConnectionOptions) {
    this.#address = address
  }

  get maxBytes(): number {
    const allowed = this.#lifeline?.current?.nats.info?.max_payload ?? MAX_BYTES
    return Math.min(MAX_BYTES, allowed) - HEAD_BYTES
  }

  async open({ heard, connected }: LineEvents): Promise<void> {
    const name = '@nats-io/transport-node'
    const client = await loadClient(() => import('@nats-io/transport-node'), 'nats://', name)
    this.#heard = heard
    this.#lifeline = new Lifeline({
      connect: async (lost) => {
        // Its own way of connecting again says twice what was said meanwhile, without a bound.
        const options = { reconnect: false, timeout: CONNECT_MS, name: 'deskbell', noAsyncTraces: true }
        const nats = await client.connect({ ...this.#address, ...options })
        void nats.closed().then(lost)
        return { nats, subscriptions: new Map() }
      },
      discard: ({ nats }) => void nats.close().catch(() => {}),
    })
    this.#lifeline.start(connected)
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    await this.#ask(async ({ nats }) => {
      for (const { channel, text } of parcels) nats.publish(channel, text)
      await nats.flush()
    })
  }

  async listen(channels: readonly string[]): Promise<void> {
    await this.#ask(async ({ nats, subscriptions }) => {
      for (const channel of channels) {
        if (subscriptions.has(channel)) continue
        const callback = (error: Error | null, message: { string(): string }) => {
          if (error === null) this.#heard(message.string())
        }
        subscriptions.set(channel, nats.subscribe(channel, { callback }))
      }
      await nats.flush()
    })
  }

  async unlisten(channels: readonly string[]): Promise<void> {
    await this.#ask(async ({ subscriptions }) => {
      for (const channel of channels) {
        subscriptions.get(channel)?.unsubscribe()
        subscriptions.delete(channel)
      }
    })
  }

  reset(): void {
    this.#lifeline?.reset()
  }

  async close(): Promise<void> {
    this.#lifeline?.close()
  }

  async #ask(work: (connected: Connected) => Promise<void>): Promise<void> {
    if (this.#lifeline === undefined) throw new Error('not connected')
    await this.#lifeline.ask(work)
  }
}

/**
 * Where the servers are, and how to sign in: `nats://user:password@host:port,host:port`, or `nats://token@host`. Throws for
 * what is no such address.
 */
export function natsAddress(url: string): ConnectionOptions {
  const [, scheme, user, password, list = ''] =
    /^(nats|tls):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^@/?#]+)\/?$/.exec(url) ?? []
  const servers = list.split(',').map((server) => {
    const { hostname, port } = new URL(`http://${server}`)
    return `${hostname}:${port || 4222}`
  })
  // With `nats://`, the server says whether there is TLS.
  const address = { servers, ...(scheme === 'tls' && { tls: {} }) }
  if (user === undefined) return address
  const name = decodeURIComponent(user)
  return password === undefined
    ? { ...address, token: name }
    : { ...address, user: name, pass: decodeURIComponent(password) }
}
