import type { Bus, BusMessage } from '../delivery/bus/bus.ts'
import { waited } from './waited.ts'

/** One desk's end of a bus, with what came in on it. */
export interface BusEnd extends AsyncDisposable {
  readonly bus: Bus
  readonly heard: BusMessage[]
  /** The texts that came in, as `said` made them. */
  texts(): (string | null)[]
  dropped(): number
  /** How often it was connected. */
  connections(): number
}

export async function busEnd(bus: Bus | null, namespace: string): Promise<BusEnd> {
  if (bus === null) throw new Error('the address names no bus')
  const heard: BusMessage[] = []
  let dropped = 0
  let connections = 0
  bus.listen({
    heard: (message) => void heard.push(message),
    dropped(count) {
      dropped += count
    },
    connected() {
      connections++
    },
  })
  await bus.open(namespace)
  return {
    bus,
    heard,
    texts: () => heard.map(({ json }) => json && (JSON.parse(json) as { text: string }).text),
    dropped: () => dropped,
    connections: () => connections,
    [Symbol.asyncDispose]: () => bus.close(),
  }
}

export function said(text: string, stream: string): BusMessage {
  return { stream, seq: null, at: 1, json: JSON.stringify({ text }) }
}

/** Resolves when `to` hears what `from` says on a stream, and forgets it. */
export async function hears(to: BusEnd, from: BusEnd, stream: string, withinMs = 15_000): Promise<void> {
  const ping = said('ping', stream)
  const isThere = () => to.heard.some((message) => message.stream === stream && message.json === ping.json)
  await waited(
    'it is heard',
    async () => {
      from.bus.publish(ping)
      for (let look = 0; look < 10 && !isThere(); look++)
        await new Promise((resolve) => setTimeout(resolve, 5))
      return isThere()
    },
    withinMs,
  )
  from.bus.publish(said('pong', stream))
  await waited('nothing of it is left', () => to.texts().includes('pong'))
  to.heard.splice(0)
}
