/** A text on its way to whoever listens to a channel. */
export interface Parcel {
  channel: string
  text: string
}

export interface LineEvents {
  /** A text came in on a channel that is listened to; this process's own come back as well. */
  heard(text: string): void
  /** There is a connection, the first or a new one. Nothing is listened to on it yet. */
  connected(): void
}

/**
 * What one kind of server does for the bus: it carries texts on channels, and connects again by itself whatever happens.
 * Without a connection everything but `open` and `close` rejects at once.
 */
export interface Line {
  /** Bytes of UTF-8 that a text may have. */
  readonly maxBytes: number
  /** Begins to connect. Rejects only when it never can: the package of its client is missing. */
  open(events: LineEvents): Promise<void>
  /** Resolves when the server has them. */
  send(parcels: readonly Parcel[]): Promise<void>
  /** Resolves when all of these are heard. */
  listen(channels: readonly string[]): Promise<void>
  unlisten(channels: readonly string[]): Promise<void>
  /** Gives up the connection there is for a new one. */
  reset(): void
  close(): Promise<void>
}

/** How long to wait before the next of several attempts to connect: longer each time, up to a second, and never the same for two. */
export function pauseMs(attempt: number): number {
  return Math.min(50 * 2 ** attempt, 1_000) * (0.75 + Math.random() / 2)
}

/** Loads the client of a server, or says what to install. */
export async function loadClient<T>(load: () => Promise<T>, scheme: string, name: string): Promise<T> {
  return await load().catch((error: unknown) => {
    throw new Error(`A ${scheme} BUS_URL needs the package ${name}: npm install ${name}`, { cause: error })
  })
}
