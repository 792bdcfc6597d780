import { createRequire } from 'node:module'
import { WebSocket } from 'ws'

const require = createRequire(import.meta.url)

/** The part of @rails/actioncable that its guide documents. */
export interface RailsCable {
  createConsumer(url: string): RailsConsumer
  adapters: { WebSocket: unknown }
}

interface RailsConsumer {
  subscriptions: { create(params: object, callbacks: RailsCallbacks): RailsSubscription }
  connect(): void
  disconnect(): void
}

interface RailsCallbacks {
  connected?(this: RailsSubscription): void
  disconnected?(this: RailsSubscription, how: { willAttemptReconnect: boolean }): void
  rejected?(this: RailsSubscription): void
  // biome-ignore lint/suspicious/noExplicitAny: an app reads whatever it gets.
  received?(this: RailsSubscription, event: any): void
}

interface RailsSubscription {
  perform(action: string, data?: object): void
  unsubscribe(): void
}

// Loaded one by one and late: each looks for its page's globals the moment it is loaded.
const LOADERS = {
  '@rails/actioncable': (): unknown => require('@rails/actioncable'),
  'rails-actioncable-7': (): unknown => require('rails-actioncable-7'),
  'rails-actioncable-6': (): unknown => require('rails-actioncable-6'),
}

type RailsClient = keyof typeof LOADERS

/** Rails 8.1, 7.1 and 6.1. */
export const RAILS_CLIENTS = Object.keys(LOADERS) as RailsClient[]

/** What the clients of Rails look for in a page: a document that is visible, and the events of its window. */
export class RailsPage implements Disposable {
  readonly #listeners = new Set<() => void>()
  readonly #globals = {
    self: globalThis,
    document: { visibilityState: 'visible' },
    addEventListener: (_: string, listener: () => void) => void this.#listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => void this.#listeners.delete(listener),
  }

  constructor() {
    for (const [name, value] of Object.entries(this.#globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    }
  }

  /** A stock client as it comes from npm. */
  load(name: RailsClient): RailsCable {
    const client = LOADERS[name]() as RailsCable
    client.adapters.WebSocket = WebSocket
    return client
  }

  /** The user looks at the page again, for which the clients check their connection. */
  comesIntoView(): void {
    for (const listener of this.#listeners) listener()
  }

  [Symbol.dispose](): void {
    for (const name of Object.keys(this.#globals)) Reflect.deleteProperty(globalThis, name)
  }
}
