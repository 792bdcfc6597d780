import { setTimeout as delay } from 'node:timers/promises'
import type { Crowd } from '../crowd.ts'
import { Strangers, setReadOnly } from '../database-trouble.ts'
import type { LossyNetwork } from '../lossy-network.ts'
import type { Desk } from './desk.ts'
import type { Ground } from './ground.ts'
import type { History } from './history.ts'
import { Idlers } from './idlers.ts'
import type { Fault, FaultKind } from './plan.ts'
import type { Stage } from './stage.ts'

const DAY_MS = 86_400_000

/** Breaks what a plan says, each thing for its time, and mends it. */
export class Breaker {
  readonly #ground: Ground
  readonly #networks: readonly LossyNetwork[]
  readonly #crowd: Crowd
  readonly #chatIds: readonly string[]
  readonly #history: History
  /** By its place, the last fault of all there. */
  readonly #last = new Map<unknown, Promise<void>>()
  readonly #over = new AbortController()
  count = 0

  constructor({ ground, cast, history }: Stage, crowd: Crowd) {
    this.#ground = ground
    this.#networks = cast.networks
    this.#chatIds = [...new Set(cast.screens.map(({ chatId }) => chatId))]
    this.#crowd = crowd
    this.#history = history
  }

  /** Lets a fault happen and does not wait for its end; where the last one is not over, it comes after that. */
  inject(fault: Fault): void {
    const place = this.#placeOf(fault)
    const name = place !== null && typeof place === 'object' && 'name' in place ? ` (${place.name})` : ''
    const happen = async () => {
      this.count++
      this.#history.note(`${fault.kind}${name}, for ${fault.forMs} ms`)
      await this.#do(fault)
      this.#history.note(`over: ${fault.kind}${name}`)
    }
    const done = (this.#last.get(place) ?? Promise.resolve()).then(happen)
    done.catch(() => {}) // whoever heals hears of it
    this.#last.set(place, done)
  }

  /** Ends whatever lasts, and resolves when everything is there again. Throws what a fault should not have led to. */
  async heal(): Promise<void> {
    this.#over.abort()
    await Promise.all(this.#last.values())
    for (const network of this.#networks) network.restore()
    const skewed = this.#ground.desks.filter(({ skewMs }) => skewMs !== 0)
    for (const desk of skewed) await restarted(desk, 0)
  }

  #placeOf({ kind, which }: Fault): Desk | string | undefined {
    const { desks } = this.#ground
    return kind.startsWith('desk') ? desks[which % desks.length] : kind.split(/[’ ]/)[0]
  }

  async #do({ kind, forMs, which, dice }: Fault): Promise<void> {
    const { database, databaseLine, bus, busLine, balancer, desks } = this.#ground
    const desk = desks[which % desks.length] as Desk // there is at least one
    const pause = () => delay(forMs, undefined, { signal: this.#over.signal }).catch(() => {})
    // Each client with the same chance, and at least one.
    const some = this.#networks.filter(
      (_, index) => (index * 7 + which) % 10 < dice * 10 || index === which % this.#networks.length,
    )
    const deeds: Record<FaultKind, () => unknown> = {
      'desk killed': async () => {
        await desk.kill()
        await pause()
        await desk.start(0)
      },
      'desk restarted': async () => {
        await desk.stop()
        await pause()
        await desk.start(0)
      },
      'desk stalled': async () => {
        desk.stall()
        await pause()
        desk.resume()
      },
      'desk’s clock a day off': () => restarted(desk, dice < 0.5 ? -DAY_MS : DAY_MS),
      'database restarted': async () => {
        await database.crash()
        await pause()
        await database.restart()
      },
      'database stalled': async () => {
        database.stall()
        await pause()
        database.resume()
      },
      'database’s connections cut': () => databaseLine.cut(),
      'database’s connection cut inside COMMIT': () => databaseLine.loseCommit('cut'),
      'database only reads': async () => {
        await setReadOnly(database, true)
        await pause()
        await setReadOnly(database, false)
      },
      'database lets nobody in': async () => {
        await using strangers = new Strangers(database)
        await strangers.takeAll()
        await pause()
      },
      'database’s disk full': async () => {
        database.disk.fill()
        await pause()
        database.disk.empty()
      },
      'bus restarted': async () => {
        await bus?.crash()
        await pause()
        await bus?.restart()
      },
      'bus stalled': async () => {
        bus?.freeze()
        await pause()
        bus?.thaw()
      },
      'bus’s connections cut': () => busLine?.cut(),
      'clients’ connections cut': () => {
        for (const network of some) network.cut()
      },
      'clients without a network': async () => {
        for (const network of some) {
          network.isUp = false
          network.cut()
        }
        await pause()
        for (const network of some) network.restore()
      },
      'clients hear nothing': async () => {
        for (const network of some) network.isDeaf = true
        await pause()
        for (const network of some) network.restore()
      },
      'clients read nothing': async () => {
        for (const network of some) network.stopReading()
        await pause()
        for (const network of some) network.restore()
      },
      'crowd comes back at once': async () => {
        await this.#crowd.comeBackAtOnce()
      },
      'idlers ask and read nothing': async () => {
        using _idlers = new Idlers(balancer.cableUrl, this.#chatIds)
        await pause()
      },
    }
    await deeds[kind]()
  }
}

async function restarted(desk: Desk, skewMs: number): Promise<void> {
  await desk.stop()
  await desk.start(skewMs)
}
