import type { Conversation } from '../conversation.ts'
import { createSupportChat, type SupportChatOptions } from '../support-chat.ts'
import { FakeClock, settled } from './fake-clock.ts'
import { MemoryDesk } from './memory-desk.ts'
import { MemoryLocks } from './memory-locks.ts'
import { MemoryStorage } from './memory-storage.ts'

/** A token as a host signs it, as far as a client looks. */
const ALICE_TOKEN = `head.${btoa(JSON.stringify({ sub: 'alice' }))}.signature`

/** A user's conversation with a desk in memory, and the hands to move both. */
export class MemoryClient {
  readonly clock = new FakeClock()
  readonly desk = new MemoryDesk(this.clock)
  readonly storage = new MemoryStorage()
  readonly locks = new MemoryLocks()
  wake: () => void = () => {}
  chat: Conversation

  constructor(options: Partial<SupportChatOptions> = {}) {
    this.chat = this.load(options)
  }

  /** As a reload of the page does: a new conversation over the same storage. */
  load(options: Partial<SupportChatOptions> = {}): Conversation {
    this.chat = loadChat({
      fetch: this.desk.fetch,
      WebSocket: this.desk.WebSocket,
      clock: this.clock,
      storage: this.storage,
      locks: this.locks,
      signals: (wake) => {
        this.wake = wake
        return () => {
          this.wake = () => {}
        }
      },
      ...options,
    })
    return this.chat
  }

  async open(): Promise<void> {
    await this.chat.open()
    await this.desk.flush()
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

  /** What the user sees: texts in order, with the state of those that are not simply sent. */
  sees(): string[] {
    return textsOf(this.chat)
  }

  [Symbol.dispose](): void {
    this.chat.close()
  }
}

/** The chat of Alice with a desk in memory. */
export function loadChat(options: Partial<SupportChatOptions>): Conversation {
  return createSupportChat({
    baseUrl: 'https://desk.test/api',
    cableUrl: 'wss://desk.test/cable',
    token: ALICE_TOKEN,
    random: () => 0,
    ...options,
  })
}

/** What is shown: texts in order, with the state of those that are not simply sent. */
export function textsOf(chat: Conversation): string[] {
  return chat
    .getSnapshot()
    .messages.map(({ content, state }) => (state === 'sent' ? content : `${content} (${state})`))
}
