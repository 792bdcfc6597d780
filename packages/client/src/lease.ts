import { type Clock, Timer } from './clock.ts'
import type { KeyStorage } from './storage.ts'
import type { Locks } from './turn.ts'

/** What leases need from outside. */
export interface LeaseParts {
  storage: KeyStorage
  clock: Clock
  random: () => number
}

// A hidden page's timers run once a second; one that does not even do that has lost its lease.
const LEASE_MS = 4_000
const LOOK_MS = 1_000
// Two that claim at the same time both look again once the storage has carried both claims around.
const SETTLING_MS = 150

/** Does what Web Locks do where there are none: who holds a lease renews it, and who is gone does not. */
export function leases({ storage, clock, random }: LeaseParts): Locks {
  return {
    request: (name, { steal }, held) =>
      new Promise((resolve, reject) => {
        const me = ` ${clock.now()} ${random()}`
        let isHeld = false
        const claim = () => storage.setItem(name, clock.now() + LEASE_MS + me)
        const isMine = () => storage.getItem(name)?.endsWith(me)
        const end = () => {
          timer.stop()
          if (isMine()) storage.removeItem(name)
        }
        const look = () => {
          const leftMs = Number.parseInt(storage.getItem(name) ?? '', 10) - clock.now()
          // One that would last for too long is of a clock which was set back.
          const isTaken = leftMs > 0 && leftMs <= LEASE_MS
          if (isTaken && isMine()) {
            claim()
            timer.start(LOOK_MS)
            if (isHeld) return
            isHeld = true
            void held().finally(end).then(resolve, reject)
          } else if (isHeld) {
            reject(new Error('The lease was lost.'))
          } else {
            if (!isTaken) claim()
            timer.start(isTaken ? LOOK_MS : SETTLING_MS)
          }
        }
        const lookOrFail = () => {
          try {
            look()
          } catch (error) {
            reject(error)
          }
        }
        const timer = new Timer(clock, lookOrFail)
        if (steal) claim()
        lookOrFail()
      }),
  }
}
