import type { Bus, BusMessage } from 'deskbell'

/** What happens to a message on its way to another desk. */
export type Fate = 'deliver' | 'drop' | 'repeat' | 'hold'

/** A bus between desks of one process that does to each message what the test says. */
export class HostileBus {
  readonly #listeners = new Map<Bus, (message: BusMessage) => void>()
  readonly #held: (() => void)[] = []
  readonly #fate: () => Fate

  constructor(fate: () => Fate) {
    this.#fate = fate
  }

  /** One desk's end of the bus. */
  end(): Bus {
    const bus: Bus = {
      publish: (message) => {
        for (const [end, listener] of this.#listeners) {
          if (end !== bus) this.#carry(() => listener(message))
        }
      },
      subscribe: (listener) => void this.#listeners.set(bus, listener),
      ping: async () => {},
      close: async () => void this.#listeners.delete(bus),
    }
    return bus
  }

  /** Delivers what was held back, last first. */
  release(): void {
    for (const deliver of this.#held.splice(0).reverse()) deliver()
  }

  #carry(deliver: () => void): void {
    const fate = this.#fate()
    if (fate === 'hold') this.#held.push(deliver)
    if (fate === 'deliver' || fate === 'repeat') deliver()
    if (fate === 'repeat') deliver()
  }
}
