import type { ClientMessage } from '@deskbell/client'
import { type Day, type Group, keyOf, timeline } from '@deskbell/client/text'
import type { AdminProfile } from '@deskbell/protocol'

/** Who said a group's messages: the user, the admin who looks at it, or another one. */
export type Speaker = 'user' | 'me' | 'colleague'

/** The days of a chat, in which each admin's messages stand apart from those of a colleague of the same name. */
export function daysOf(messages: readonly ClientMessage[], me: AdminProfile): Day<ClientMessage>[] {
  const signed = messages.map((message) => (message.seq === null ? signedBy(message, me) : message))
  return timeline(signed).map((day) => ({ ...day, groups: day.groups.flatMap(eachSender) }))
}

export function speakerOf({ senderType, messages }: Group<ClientMessage>, me: AdminProfile): Speaker {
  if (senderType === 'user') return 'user'
  return messages[0]?.senderId === me.id ? 'me' : 'colleague'
}

/** What is not stored yet has no sender; it is to stand with what was sent before it. */
function signedBy(message: ClientMessage, { id, name }: AdminProfile): ClientMessage {
  return { ...message, senderId: id, senderName: name }
}

function eachSender(group: Group<ClientMessage>): Group<ClientMessage>[] {
  const groups: Group<ClientMessage>[] = []
  for (const message of group.messages) {
    const last = groups.at(-1)
    if (last && last.messages[0]?.senderId === message.senderId) last.messages.push(message)
    else groups.push({ ...group, key: keyOf(message), messages: [message] })
  }
  return groups
}
