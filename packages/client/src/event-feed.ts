import { parseObject } from './cable.ts'
import type { Attempt, Dial } from './line.ts'
import { isPassing, type Rest } from './rest.ts'

/** Where a stream's events are without a cable. */
export interface Feed {
  rest: Rest
  path: string
}

/** What hears an event stream. */
export interface FeedListener {
  /** What the next attempt adds to the path, to go on where the stream was lost. */
  resumption(): string
  receive(event: unknown): void
  /** There is no such stream for this caller. */
  reject(): void
}

/** Follows the desk's Server-Sent Events, by `fetch` so that the token stays out of the address. */
export function followEvents({ rest, path }: Feed, listener: FeedListener): Dial {
  return async (attempt) => {
    const answer = await rest.listen(path + listener.resumption(), attempt.signal)
    if (answer.ok) {
      await read(answer.value, attempt, listener)
      attempt.lost()
    } else if (answer.error.code === 'unauthenticated') attempt.refused()
    else if (isPassing(answer.error)) attempt.lost()
    else listener.reject()
  }
}

/** The desk writes each event as one line of JSON; its other lines say nothing that is needed here. */
async function read(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { signal, live }: Attempt,
  { receive }: FeedListener,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    live()
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = line.startsWith('data:') && parseObject(line.slice('data:'.length))
      if (event && !signal.aborted) receive(event)
    }
  }
}
