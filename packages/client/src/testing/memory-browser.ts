import type { Conversation } from '../conversation.ts'
import type { KeyStorage } from '../storage.ts'
import type { SupportChatOptions } from '../support-chat.ts'
import { FakeClock, settled } from './fake-clock.ts'
import type { FakeSocket } from './fake-socket.ts'
import { loadChat, textsOf } from './memory-client.ts'
import { MemoryDesk } from './memory-desk.ts'
import { MemoryLocks } from './memory-locks.ts'
import { MemoryStorage } from './memory-storage.ts'

/** One browser whose tabs share a storage and its locks, and the hands to move its time and its desk. */
export class MemoryBrowser {
  readonly clock = new FakeClock()
  readonly desk = new MemoryDesk(this.clock)
  readonly storage = new MemoryStorage()
  readonly locks = new MemoryLocks()
  readonly tabs: MemoryTab[] = []
  readonly #options: Partial<SupportChatOptions>
  #opened = 0

  /** What all of its tabs are given; `locks: undefined` makes a browser that has none. */
  constructor(options: Partial<SupportChatOptions> = {}) {
    this.#options = options
  }

  /** A tab with the user's chat; its loading is under way. */
  open(): MemoryTab {
    // No two tabs draw the same.
    const random = ++this.#opened / 1_000
    const tab = new MemoryTab(this, { random: () => random, ...this.#options })
    this.tabs.push(tab)
    void tab.chat.open()
    return tab
  }

  /** Lets time pass while the desk answers and pings, as it does every 3 s. */
  async live(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      await this.desk.flush()
      await this.clock.advance(250)
      if (passed % 3_000 === 0 && this.desk.isUp) this.desk.ping()
    }
    await this.desk.flush()
    await settled()
  }

  [Symbol.dispose](): void {
    for (const tab of this.tabs) tab.chat.close()
  }
}

/** One tab, which can be put to sleep, and killed: from then on nothing in it runs, and what it held is let go. */
export class MemoryTab {
  readonly chat: Conversation
  wake: () => void = () => {}
  readonly #browser: MemoryBrowser
  readonly #storage: KeyStorage
  readonly #releaseLocks: () => void
  readonly #sockets: FakeSocket[] = []
  #state: 'awake' | 'asleep' | 'dead' = 'awake'
  /** What fell due while it slept. */
  #due: (() => void)[] = []

  constructor(browser: MemoryBrowser, options: Partial<SupportChatOptions>) {
    const { desk, clock } = browser
    const { locks, release } = browser.locks.tab()
    const { storage, storageSignals } = browser.storage.tab()
    this.#browser = browser
    this.#storage = storage
    this.#releaseLocks = release
    this.chat = loadChat({
      fetch: (input, init) =>
        new Promise((resolve, reject) => {
          if (this.#state !== 'dead')
            desk.fetch(input, init).then(
              (answer) => this.#run(() => resolve(answer)),
              (error) => this.#run(() => reject(error)),
            )
        }),
      WebSocket: this.#socketClass(),
      clock: {
        now: () => clock.now(),
        setTimeout: (run, ms) => clock.setTimeout(() => this.#run(run), ms),
        clearTimeout: (timer) => clock.clearTimeout(timer),
      },
      storage,
      storageSignals: (changed) => storageSignals(() => this.#run(changed)),
      locks,
      signals: (wake) => {
        this.wake = () => this.#run(wake)
        return () => {
          this.wake = () => {}
        }
      },
      ...options,
    })
  }

  get isAwake(): boolean {
    return this.#state === 'awake'
  }

  /** What the user sees: texts in order, with the state of those that are not simply sent. */
  sees(): string[] {
    return textsOf(this.chat)
  }

  /** As a system that saves power does: nothing in it runs until it is awake again. */
  sleep(): void {
    if (this.#state === 'awake') this.#state = 'asleep'
  }

  awake(): void {
    if (this.#state !== 'asleep') return
    this.#state = 'awake'
    for (const run of this.#due.splice(0)) run()
    this.wake()
  }

  /** As a crash does: no goodbye of any kind. */
  kill(): void {
    this.#state = 'dead'
    for (const socket of this.#sockets) socket.close()
    this.#releaseLocks()
    this.#browser.tabs.splice(this.#browser.tabs.indexOf(this), 1)
  }

  /** As leaving the page does. */
  close(): void {
    this.chat.close()
    this.kill()
  }

  /** As a host does that clears whatever the browser keeps for it. */
  clearStorage(): void {
    for (const key of [...this.#browser.storage.kept.keys()]) this.#storage.removeItem(key)
  }

  #run(run: () => void): void {
    if (this.#state === 'awake') run()
    else if (this.#state === 'asleep') this.#due.push(run)
  }

  #socketClass(): typeof WebSocket {
    const sockets = this.#sockets
    const runInTab = (run: () => void) => this.#run(run)
    const Socket = this.#browser.desk.WebSocket as unknown as typeof FakeSocket
    class TabSocket extends Socket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols)
        sockets.push(this)
      }

      override hear(tell: () => void): void {
        runInTab(tell)
      }
    }
    return TabSocket as unknown as typeof WebSocket // the part of it that the connection uses
  }
}
