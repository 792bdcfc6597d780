import { type ChildProcess, fork } from 'node:child_process'
import type { Seat } from './crowd-member.ts'
import { until } from './until.ts'

const PROCESS = new URL('./crowd-process.ts', import.meta.url)

/** What the process of a crowd is told. */
export type Order =
  | { do: 'come'; cableUrls: readonly string[]; seats: readonly Seat[] }
  | { do: 'write'; what: string }
  | { do: 'come back at once' }
  | { do: 'count' }
  | { do: 'show' }

/** What it answers. */
export type Answer =
  | { type: 'counted'; confirmed: number; acknowledged: number }
  | { type: 'shown'; contents: string[][] }

/** Thousands of users with a socket each, who come back whenever they lose it; in a process of their own. */
export class Crowd implements AsyncDisposable {
  readonly size: number
  readonly #process: ChildProcess
  readonly #asked = new Map<number, PromiseWithResolvers<Answer>>()
  readonly #ended: Promise<void>
  #count = 0

  private constructor(size: number) {
    this.size = size
    this.#process = fork(PROCESS, { execArgv: ['--conditions=source'] })
    this.#process.on('message', ({ id, answer }: { id: number; answer: Answer }) => {
      this.#asked.get(id)?.resolve(answer)
      this.#asked.delete(id)
    })
    this.#ended = new Promise((resolve) => this.#process.once('exit', () => resolve()))
    void this.#ended.then(() => {
      for (const { reject } of this.#asked.values()) reject(new Error('the crowd is gone'))
    })
  }

  /** A socket for each of these seats, dealt out to these desks. */
  static async at(cableUrls: readonly string[], seats: readonly Seat[]): Promise<Crowd> {
    const crowd = new Crowd(seats.length)
    await crowd.#ask({ do: 'come', cableUrls, seats })
    return crowd
  }

  /** Each of them writes this once, and again until they see it. */
  async write(what: string): Promise<void> {
    await this.#ask({ do: 'write', what })
  }

  /** All lose their sockets, and none waits before coming back. */
  async comeBackAtOnce(): Promise<void> {
    await this.#ask({ do: 'come back at once' })
  }

  /** Of how many the subscription is confirmed now. */
  async confirmed(): Promise<number> {
    return (await this.#counted()).confirmed
  }

  /** How many have seen all they wrote come back. */
  async acknowledged(): Promise<number> {
    return (await this.#counted()).acknowledged
  }

  /** Resolves when all are confirmed, and have seen all they wrote come back. */
  async served(withinMs: number): Promise<void> {
    const isServed = async () => {
      const { confirmed, acknowledged } = await this.#counted()
      return confirmed === this.size && acknowledged === this.size
    }
    await until(`all ${this.size} are served`, isServed, withinMs)
  }

  /** What each has of their chat, in the order of their seats. */
  async contents(): Promise<string[][]> {
    const answer = await this.#ask({ do: 'show' })
    return answer.type === 'shown' ? answer.contents : []
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }

  async #counted() {
    const answer = await this.#ask({ do: 'count' })
    return answer.type === 'counted' ? answer : { confirmed: 0, acknowledged: 0 }
  }

  #ask(order: Order): Promise<Answer> {
    const id = ++this.#count
    const asked = Promise.withResolvers<Answer>()
    this.#asked.set(id, asked)
    this.#process.send({ id, order }, (error) => error && asked.reject(error))
    return asked.promise
  }
}
