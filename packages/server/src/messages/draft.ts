import { DeskbellError, MAX_CONTENT_LENGTH, MAX_ID_LENGTH, PREVIEW_LENGTH } from '@deskbell/protocol'
import type { Caller } from '../identity/caller.ts'

/** Who says it: the chat's user, or an admin by their id. */
export type Sender =
  | { type: 'user'; name: string | null }
  | { type: 'admin'; id: string; name: string | null }

/** As whom a caller writes in a chat: in their own as its user, whatever else they are. */
export function senderIn(chat: { external_id: string }, { id, name, role }: Caller): Sender {
  return role === 'admin' && chat.external_id !== id ? { type: 'admin', id, name } : { type: 'user', name }
}

/** What someone wants to say, as it came in. */
export interface Draft {
  chatId: string
  content: string
  /** The sender's own id of the attempt; the same one again is the same message. */
  clientId: string | null
}

/** The draft as it will be kept, less surrounding white space. Throws `invalid` or `too_large`. */
export function validDraft({ chatId, content, clientId }: Draft): Draft {
  if (!isText(content)) throw new DeskbellError('invalid', 'content must be well-formed Unicode without NUL.')
  const kept = content.trim()
  if (kept === '') throw new DeskbellError('invalid', 'content must not be blank.')
  if (isLongerThan(kept, MAX_CONTENT_LENGTH)) {
    throw new DeskbellError('too_large', `content must be at most ${MAX_CONTENT_LENGTH} characters.`)
  }
  if (clientId !== null && !isClientId(clientId)) {
    throw new DeskbellError('invalid', `client_id must be 1 to ${MAX_ID_LENGTH} printable ASCII characters.`)
  }
  return { chatId, content: kept, clientId }
}

/** Whether a content says nothing. */
export const isBlank = (content: string) => content.trim() === ''

/** The first characters of a message on one line, for the list. */
export function preview(content: string): string {
  const line = content.replace(/\s+/gu, ' ')
  return line.length <= PREVIEW_LENGTH ? line : Array.from(line).slice(0, PREVIEW_LENGTH).join('')
}

/** NUL cannot be stored by PostgreSQL; a lone surrogate by no database without changing it. */
const isText = (text: string) => text.isWellFormed() && !text.includes('\0')

const isClientId = (id: string) => id.length <= MAX_ID_LENGTH && /^[\x21-\x7e]+$/.test(id)

// UTF-16 units are an upper bound of characters, so most texts are never counted.
const isLongerThan = (text: string, limit: number) => text.length > limit && Array.from(text).length > limit
