import type { Bus, BusEars } from 'deskbell'

/** What happens to a message on its way to another desk. */
export type Fate = 'deliver' | 'drop' | 'repeat' | 'hold'

/** A bus between desks of one process that does to each message what the test says. */
export class HostileBus {
  /** Whether it loses everything from now on. */
  isMute = false
  readonly #ends = new Map<Bus, { ears: BusEars; followed: Set<string> }>()
  readonly #held: (() => void)[] = []
  readonly #fate: () => Fate

  constructor(fate: () => Fate) {
    this.#fate = fate
  }

  /** One desk's end of the bus. */
  end(): Bus {
    const followed = new Set<string>()
    const bus: Bus = {
      listen: (ears) => void this.#ends.set(bus, { ears, followed }),
      open: async () => {},
      publish: (message) => {
        for (const [end, { ears, followed }] of this.#ends) {
          if (end !== bus && followed.has(message.stream)) this.#carry(() => ears.heard(message))
        }
      },
      follow: (stream) => void followed.add(stream),
      leave: (stream) => void followed.delete(stream),
      ping: async () => {},
      close: async () => void this.#ends.delete(bus),
    }
    return bus
  }

  /** Delivers what was held back, last first. */
  release(): void {
    for (const deliver of this.#held.splice(0).reverse()) deliver()
  }

  #carry(deliver: () => void): void {
    const fate = this.isMute ? 'drop' : this.#fate()
    if (fate === 'hold') this.#held.push(deliver)
    if (fate === 'deliver' || fate === 'repeat') deliver()
    if (fate === 'repeat') deliver()
  }
}
