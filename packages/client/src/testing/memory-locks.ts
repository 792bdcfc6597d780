import type { Locks } from '../turn.ts'

interface Wish {
  grant(): void
  refuse(reason: unknown): void
}

/** A browser's Web Locks, as far as the client uses them. */
export class MemoryLocks implements Locks {
  readonly #queues = new Map<string, Wish[]>()

  /** How many hold or await the lock of this name. */
  wishes(name: string): number {
    return this.#queues.get(name)?.length ?? 0
  }

  request(name: string, { steal }: { steal: boolean }, held: () => Promise<void>): Promise<unknown> {
    const queue = this.#queues.get(name) ?? []
    this.#queues.set(name, queue)
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (queue[0] !== wish) return
        queue.shift()
        queue[0]?.grant()
      }
      const wish: Wish = {
        grant: () => queueMicrotask(() => void held().finally(leave).then(resolve, reject)),
        refuse: reject,
      }
      if (steal) {
        queue.shift()?.refuse(new DOMException('The lock was stolen.', 'AbortError'))
        queue.unshift(wish)
        wish.grant()
      } else if (queue.push(wish) === 1) {
        wish.grant()
      }
    })
  }

  /** The same locks as one tab has them; when it is killed, whatever it holds or awaits is let go. */
  tab(): { locks: Locks; release(): void } {
    let release = () => {}
    const death = new Promise<void>((resolve) => {
      release = resolve
    })
    let isAlive = true
    const locks: Locks = {
      request: (name, options, held) =>
        this.request(name, options, async () => {
          if (isAlive) await Promise.race([held(), death])
        }),
    }
    return {
      locks,
      release() {
        isAlive = false
        release()
      },
    }
  }
}
