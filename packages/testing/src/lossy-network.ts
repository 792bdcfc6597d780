import type { Signals } from '@deskbell/client'
import { WebSocket as NodeWebSocket } from 'ws'

/** Nothing listens here. */
const NOWHERE = 'ws://127.0.0.1:9'

/** One client's way to the desk, which a test can cut and restore. */
export class LossyNetwork {
  isUp = true
  /** Answers are lost on the way back, as when a phone leaves the house. */
  isDeaf = false
  #isReading = true
  readonly #sockets = new Set<NodeWebSocket>()
  readonly #wakes = new Set<() => void>()
  readonly #fetch = globalThis.fetch

  /** Every socket breaks, without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  /** What comes in on sockets is left where it is until `restore`. */
  stopReading(): void {
    this.#isReading = false
    for (const socket of this.#open()) socket.pause()
  }

  /** The network is back, and the client hears of it. */
  restore(): void {
    if (this.isDeaf || !this.isUp) this.cut()
    this.isDeaf = false
    this.isUp = true
    this.#isReading = true
    for (const socket of this.#open()) socket.resume()
    for (const wake of [...this.#wakes]) wake()
  }

  /** Those that neither come nor go: they alone can be paused. */
  #open(): NodeWebSocket[] {
    return [...this.#sockets].filter(({ readyState }) => readyState === NodeWebSocket.OPEN)
  }

  readonly signals: Signals = (wake) => {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    if (!this.isUp) throw new TypeError('the network is down')
    const response = await this.#fetch.call(globalThis, input, init)
    if (this.isDeaf || !this.isUp) throw new TypeError('the answer was lost')
    return response
  }

  /** The constructor that the client is given; `ws` has the same interface as a browser's. */
  get WebSocket(): typeof globalThis.WebSocket {
    const network = this
    class LossyWebSocket extends NodeWebSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(network.isUp ? url : NOWHERE, protocols)
        network.#sockets.add(this)
        this.on('close', () => network.#sockets.delete(this))
        this.on('error', () => {})
        this.on('open', () => {
          if (!network.#isReading) this.pause()
        })
      }
      override emit(event: string | symbol, ...args: unknown[]): boolean {
        return event === 'message' && network.isDeaf ? false : super.emit(event, ...args)
      }
    }
    return LossyWebSocket as unknown as typeof globalThis.WebSocket
  }
}
