/** Something that happened on one desk, as it travels to the others. */
export interface BusMessage {
  stream: string
  /** The seq of the message it carries; null for everything that has none. */
  seq: number | null
  /** The event as JSON, encoded once where it happened. */
  json: string
  /** The same as admins are told it, where they may know more. */
  adminJson?: string
}

/**
 * Carries hints between desks. It may lose, repeat, reorder or delay them: the database is the log,
 * and subscriptions repair what is missing from there.
 */
export interface Bus {
  publish(message: BusMessage): void
  /** Hears what other desks publish, never this desk's own. */
  subscribe(listener: (message: BusMessage) => void): void
  /** Throws when the other desks cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Connects desks of one process: each call is one desk's end of it. */
export function memoryBus(): () => Bus {
  const ends = new Map<object, (message: BusMessage) => void>()
  return () => {
    const self = {}
    return {
      publish(message) {
        for (const [end, listener] of ends) if (end !== self) listener(message)
      },
      subscribe: (listener) => void ends.set(self, listener),
      ping: async () => {},
      close: async () => void ends.delete(self),
    }
  }
}
