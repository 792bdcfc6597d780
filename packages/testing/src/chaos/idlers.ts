import { CableClient } from '../cable-client.ts'
import { tokenOf } from '../desk-process.ts'

const IDLERS = 3
/** A connection may have 200 subscriptions. */
const SPELLINGS = 40
const ASK_MS = 100

/** Admins who follow each chat many times over, ask for all of it again and again, and read nothing of what they are sent. */
export class Idlers implements Disposable {
  readonly #clients: readonly CableClient[]
  readonly #asking: NodeJS.Timeout

  constructor(cableUrl: string, chatIds: readonly string[]) {
    const identifiers = chatIds.flatMap((chat_id) =>
      Array.from({ length: SPELLINGS }, (_, n) =>
        JSON.stringify({ channel: 'SupportChatChannel', chat_id, n }),
      ),
    )
    this.#clients = Array.from({ length: IDLERS }, (_, n) => {
      const client = new CableClient(`${cableUrl}?token=${tokenOf(`idler-${n}`, 'admin')}`)
      client.socket.on('open', () => {
        for (const identifier of identifiers) client.send({ command: 'subscribe', identifier })
        client.socket.pause()
      })
      return client
    })
    this.#asking = setInterval(() => {
      for (const client of this.#clients) {
        if (client.socket.readyState !== client.socket.OPEN) continue
        for (const identifier of identifiers) client.perform(identifier, 'sync', { after: 0 })
      }
    }, ASK_MS)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#asking)
    for (const { socket } of this.#clients) socket.terminate()
  }
}
