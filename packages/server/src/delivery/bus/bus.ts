/** Something that happened on one desk, as it travels to the others. */
export interface BusMessage {
  stream: string
  /** The seq of the message it carries; null for everything that has none. */
  seq: number | null
  /** When it was told, in milliseconds by the database's clock: what comes too late says nothing new. */
  at: number
  /** The event as JSON, encoded once where it happened; null where it is too large for the bus: `source` has it. */
  json: string | null
  /** The same as admins are told it, where they may know more. */
  adminJson?: string | undefined
  /** Where the database has the message that the event is about. */
  source?: { chatId: string; seq: number } | undefined
}

/** What a desk wants to know of its bus. */
export interface BusEars {
  /** Another desk has told something on a stream that is followed here. */
  heard(message: BusMessage): void
  /** So many messages were given up. They were hints only. */
  dropped(count: number): void
  /** The bus is there (again): whatever was told before it may have been missed. */
  connected(): void
}

/**
 * Carries hints between desks. It may lose, repeat, reorder or delay them: the database is the log, and what is missing is
 * read from there. No method but `open` and `ping` may fail or wait: a bus that is away costs hints, nothing else.
 */
export interface Bus {
  /** Whom to tell; called once, before anything else. */
  listen(ears: BusEars): void
  /**
   * Begins to connect, and goes on trying for as long as it takes. Desks hear each other if they have the same `namespace`.
   * Rejects only when it never can work.
   */
  open(namespace: string): Promise<void>
  publish(message: BusMessage): void
  /** From now on, or as soon as may be, hears what other desks publish on a stream; never this desk's own. */
  follow(stream: string): void
  leave(stream: string): void
  /** Throws when the other desks cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}
