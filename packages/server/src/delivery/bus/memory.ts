import type { Bus, BusEars } from './bus.ts'

interface End {
  namespace: string | undefined
  followed: Set<string>
  ears: BusEars
}

/** Connects desks of one process: each call is one desk's end of it. */
export function memoryBus(): () => Bus {
  const ends = new Set<End>()
  return () => {
    const end: End = {
      namespace: undefined,
      followed: new Set(),
      ears: { heard() {}, dropped() {}, connected() {} },
    }
    ends.add(end)
    return {
      listen(ears) {
        end.ears = ears
      },
      async open(namespace) {
        end.namespace = namespace
        end.ears.connected()
      },
      publish(message) {
        for (const other of ends) {
          const hears = other.namespace === end.namespace && other.followed.has(message.stream)
          if (other !== end && hears) other.ears.heard(message)
        }
      },
      follow: (stream) => void end.followed.add(stream),
      leave: (stream) => void end.followed.delete(stream),
      ping: async () => {},
      close: async () => void ends.delete(end),
    }
  }
}
