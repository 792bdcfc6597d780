import {
  type AdminSupportChat,
  MAX_PAGE_SIZE,
  type SenderType,
  type SupportChat,
  type SupportChatSummary,
  type SupportMessage,
} from '@deskbell/protocol'
import type { Caller } from './caller.ts'
import type { Contact } from './conversation.ts'
import type { UnsentMessage } from './outbox.ts'
import type { Answer, Rest } from './rest.ts'

/** The newest page of a chat. */
export interface ChatHead {
  chatId: string
  messages: SupportMessage[]
  /** Null where the desk does not count for this side. */
  unreadCount: number | null
  isContactNeeded: boolean
}

/** What differs between a user's own chat and a chat that an admin answers. */
export interface Door {
  /** Who sends through it. */
  side: SenderType
  seenAction: 'mark_read' | 'mark_viewed'
  /** The chat, or null where there is none yet; creates nothing. */
  find(): Promise<Answer<ChatHead | null>>
  /** The chat, created when there is none yet. */
  create(): Promise<Answer<ChatHead>>
  /** As `create` for a chat that is known up to `last`, without counting as viewing it. */
  refresh(last: number, signal?: AbortSignal): Promise<Answer<ChatHead>>
  older(before: number): Promise<Answer<SupportMessage[]>>
  /** What comes after a seq, up to the largest page there is. */
  newer(after: number, signal?: AbortSignal): Promise<Answer<SupportMessage[]>>
  post(message: UnsentMessage, signal: AbortSignal): Promise<Answer<SupportMessage>>
  /** Tells the desk what was seen, by seqs of the messages that it has now: those of a state before it are others. */
  mark(through: number): { through: number; epoch?: string }
  see(through: number): Promise<Answer<unknown>>
  leaveContact(contact: Contact): Promise<Answer<unknown>>
}

// Read state can change only near the end of a chat; this many of its messages are looked at again.
const LOOK_BACK = 50

/** The caller's own chat. `isKnown` skips asking whether it exists. */
export function ownDoor(rest: Rest, caller: Caller, isKnown: boolean): Door {
  const head = async (signal?: AbortSignal) =>
    mapped(await rest.call<SupportChat>('GET', '/support_chat', undefined, signal), ownHead)
  const create = async (): Promise<Answer<ChatHead>> => {
    const error = await caller.introduce()
    return error ? { ok: false, error } : head()
  }
  return {
    side: 'user',
    seenAction: 'mark_read',
    async find() {
      if (caller.isNobody()) return { ok: true, value: null }
      const error = await caller.introduce()
      if (error) return { ok: false, error }
      if (isKnown) return head()
      const summary = await rest.call<SupportChatSummary>('GET', '/support_chat/summary')
      if (!summary.ok) return summary
      return summary.value.exists ? head() : { ok: true, value: null }
    },
    create,
    refresh: (_last, signal) => head(signal),
    ...chatCalls(rest, '/support_chat'),
    see: (through) => rest.call('PATCH', '/support_chat/mark_read', markOf(rest, through)),
    leaveContact: (contact) => rest.call('PATCH', '/support_chat/contact', contact),
  }
}

/** Any chat, for an admin. Opening it views it. */
export function adminDoor(rest: Rest, chatId: string): Door {
  const path = `/admin/chats/${encodeURIComponent(chatId)}`
  const calls = chatCalls(rest, path)
  const open = async () => mapped(await rest.call<AdminSupportChat>('GET', path), adminHead)
  return {
    side: 'admin',
    seenAction: 'mark_viewed',
    find: open,
    create: open,
    async refresh(last, signal) {
      const page = await calls.newer(Math.max(0, last - LOOK_BACK), signal)
      return mapped(page, (messages) => adminHead({ id: chatId, messages }))
    },
    ...calls,
    see: (through) => rest.call('POST', `${path}/viewed`, markOf(rest, through)),
    leaveContact: async () => ({
      ok: false,
      error: { code: 'forbidden', message: 'Only a visitor can leave an address.' },
    }),
  }
}

function markOf({ epoch }: Rest, through: number): { through: number; epoch?: string } {
  return epoch === null ? { through } : { through, epoch }
}

function chatCalls(rest: Rest, path: string): Pick<Door, 'older' | 'newer' | 'post' | 'mark'> {
  const page = (query: string, signal?: AbortSignal) =>
    rest.call<SupportMessage[]>('GET', `${path}/messages?${query}`, undefined, signal)
  return {
    older: (before) => page(`before=${before}`),
    newer: (after, signal) => page(`after=${after}&limit=${MAX_PAGE_SIZE}`, signal),
    mark: (through) => markOf(rest, through),
    post: ({ clientId, content }, signal) =>
      rest.call('POST', `${path}/messages`, { content, client_id: clientId }, signal),
  }
}

const ownHead = ({ id, messages, unread_count, contact_needed }: SupportChat): ChatHead => ({
  chatId: id,
  messages,
  unreadCount: unread_count,
  isContactNeeded: contact_needed,
})

const adminHead = ({ id, messages }: Pick<AdminSupportChat, 'id' | 'messages'>): ChatHead => ({
  chatId: id,
  messages,
  unreadCount: null,
  isContactNeeded: false,
})

function mapped<T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> {
  return answer.ok ? { ok: true, value: change(answer.value) } : answer
}
