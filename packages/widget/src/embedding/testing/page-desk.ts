import { FakeClock, MemoryDesk, MemoryLocks, settled } from '@deskbell/client/testing'
import { vi } from 'vitest'

const MANY_TURNS = 200

/** A desk in memory that a page of happy-dom reaches by its own `fetch` and `WebSocket`, while its timers stand still. */
export class PageDesk extends MemoryDesk {
  constructor() {
    super(new FakeClock())
    vi.stubGlobal('fetch', this.fetch)
    vi.stubGlobal('WebSocket', this.WebSocket)
    Object.defineProperty(navigator, 'locks', { value: new MemoryLocks(), configurable: true })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  }

  /** What is still at work on the page, once what was stopped has stopped. */
  async left(): Promise<{ sockets: number; timers: number; elements: number }> {
    for (let turn = 0; turn < 3; turn++) await settled()
    return {
      sockets: this.sockets.filter(({ readyState }) => readyState < 2).length,
      timers: vi.getTimerCount(),
      elements: document.querySelectorAll('deskbell-chat, deskbell-panel').length,
    }
  }

  /** Lets everything travel until it has come to that. */
  async until(isSo: () => boolean): Promise<void> {
    for (let turn = 0; !isSo(); turn++) {
      if (turn === MANY_TURNS) throw new Error(`it does not come to ${isSo}`)
      await this.flush()
    }
  }

  [Symbol.dispose](): void {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    localStorage.clear()
    document.body.replaceChildren()
  }
}

/** Nothing at all. */
export const NOTHING = { sockets: 0, timers: 0, elements: 0 }
