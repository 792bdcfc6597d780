import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ShownList } from '../../dashboard/src/testing/colleague.ts'
import { tokenOf } from './desk-process.ts'

/** Whether admins answer, view and erase, too, or only sort the list. */
type Work = 'all' | 'lists'

/** What a colleague's thread is given. */
export interface Desk {
  url: string
  token: string
  work: Work
}

/** What a colleague's thread is asked for. */
export type Wanted = 'stop' | 'show' | 'close'
/** What it says. */
export type Said =
  | { type: 'ready' }
  | { type: 'erased'; userId: string }
  | { type: 'stopped'; did: Did }
  | ({ type: 'shown' } & Shown)

export interface Did {
  answers: number
  /** Chats that were archived or restored, and archivings that were taken back some time later. */
  changes: number
  undone: number
  erased: number
  cuts: number
}

export interface Shown {
  active: ShownList
  archived: ShownList
}

const PAGE = new URL('./colleague-page.ts', import.meta.url)

/** The admins, each in a thread of their own. */
export class Team implements AsyncDisposable {
  readonly #url: string
  readonly #work: Work
  readonly #erased: (userId: string) => void
  readonly #threads: Worker[] = []

  /** `erased` hears of each user who is gone. */
  constructor(url: string, work: Work, erased: (userId: string) => void) {
    this.#url = url
    this.#work = work
    this.#erased = erased
  }

  async begin(admins: number): Promise<void> {
    await Promise.all(
      Array.from({ length: admins }, async (_, index) => {
        const token = tokenOf(`admin-${index}`, 'admin')
        const workerData: Desk = { url: this.#url, token, work: this.#work }
        const thread = new Worker(PAGE, { workerData, execArgv: ['--conditions=source'] })
        thread.on('message', (said: Said) => said.type === 'erased' && this.#erased(said.userId))
        this.#threads.push(thread)
        await heard(thread, 'ready')
      }),
    )
  }

  /** Resolves when nothing that they did is on its way any more. */
  async stop(): Promise<Did> {
    const stopped = await Promise.all(
      this.#threads.map((thread) => {
        thread.postMessage('stop' satisfies Wanted)
        return heard(thread, 'stopped')
      }),
    )
    const total = { answers: 0, changes: 0, undone: 0, erased: 0, cuts: 0 }
    for (const { did } of stopped) {
      for (const key of Object.keys(total) as (keyof Did)[]) total[key] += did[key]
    }
    return total
  }

  async shown(): Promise<Shown[]> {
    return await Promise.all(
      this.#threads.map((thread) => {
        thread.postMessage('show' satisfies Wanted)
        return heard(thread, 'shown')
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }
}

async function heard<T extends Said['type']>(thread: Worker, type: T): Promise<Extract<Said, { type: T }>> {
  for (;;) {
    const [said] = (await once(thread, 'message')) as [Said]
    if (said.type === type) return said as Extract<Said, { type: T }>
  }
}
