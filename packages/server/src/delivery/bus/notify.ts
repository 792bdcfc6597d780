import { createHash } from 'node:crypto'
import { Socket } from 'node:net'
import type { Client } from 'pg'
import { Lifeline } from './lifeline.ts'
import { type Line, type LineEvents, loadClient, type Parcel } from './line.ts'

/** PostgreSQL takes less than 8,000 bytes. */
const MAX_BYTES = 7_900
/** What a name of PostgreSQL may have. */
const NAME_BYTES = 63
const CONNECT_MS = 3_000

interface Connected {
  client: Client
  socket: Socket
}

/** LISTEN and NOTIFY of a PostgreSQL server: `postgres://`, on a connection of its own. */
export class NotifyLine implements Line {
  readonly maxBytes = MAX_BYTES
  readonly #url: string
  #lifeline: Lifeline<Connected> | undefined
  #before: Promise<void> = Promise.resolve()

  constructor(url: string) {
    this.#url = url
  }

  async open({ heard, connected }: LineEvents): Promise<void> {
    const { default: pg } = await loadClient(() => import('pg'), 'postgres://', 'pg')
    this.#lifeline = new Lifeline({
      connect: async (lost) => {
        // Ours, so that it can be given up: ending a client waits for a server that may not answer any more.
        const socket = new Socket()
        const client = new pg.Client({
          connectionString: this.#url,
          application_name: 'deskbell bus',
          connectionTimeoutMillis: CONNECT_MS,
          keepAlive: true,
          stream: () => socket,
        })
        client.on('error', lost)
        client.on('end', lost)
        client.on('notification', ({ payload = '' }) => heard(payload))
        try {
          await client.connect()
        } catch (error) {
          socket.destroy()
          throw error
        }
        return { client, socket }
      },
      discard: ({ socket }) => socket.destroy(),
    })
    this.#lifeline.start(connected)
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    const channels = parcels.map(({ channel }) => nameOf(channel))
    const texts = parcels.map(({ text }) => text)
    // One commit for all of them: each waits for every other one of the whole server.
    const query =
      'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as hint(channel, payload)'
    await this.#query(query, [channels, texts])
  }

  async listen(channels: readonly string[]): Promise<void> {
    const statements = channels.map((channel) => `listen "${nameOf(channel)}"`)
    await this.#query(statements.join(';'), [])
  }

  async unlisten(channels: readonly string[]): Promise<void> {
    const statements = channels.map((channel) => `unlisten "${nameOf(channel)}"`)
    await this.#query(statements.join(';'), [])
  }

  reset(): void {
    this.#lifeline?.reset()
  }

  async close(): Promise<void> {
    this.#lifeline?.close()
  }

  /** One after the other: a client of `pg` has one query at a time. */
  async #query(text: string, values: unknown[]): Promise<void> {
    const before = this.#before
    const lifeline = this.#lifeline
    if (lifeline === undefined) throw new Error('not connected')
    const done = before.then(() => lifeline.ask(({ client }) => client.query(text, values)))
    this.#before = done.then(
      () => {},
      () => {},
    )
    await done
  }
}

/** A channel as PostgreSQL can call it: it cuts longer names off. No channel of ours has a quote. */
function nameOf(channel: string): string {
  if (channel.length <= NAME_BYTES) return channel
  return `deskbell.${createHash('sha256')
    .update(channel)
    .digest('hex')
    .slice(0, NAME_BYTES - 9)}`
}
