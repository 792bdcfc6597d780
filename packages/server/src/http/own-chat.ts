import { DeskbellError, PAGE_SIZE } from '@deskbell/protocol'
import * as z from 'zod'
import { type Chat, findOwn } from '../chats/chat.ts'
import { claimVisitorChat } from '../chats/claim.ts'
import { isContactNeeded, leaveContact } from '../chats/contact.ts'
import { open, openToSend } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { visitorContact } from '../identity/person.ts'
import { userHistory } from '../messages/history.ts'
import { read, unreadCount } from '../messages/read.ts'
import { chatEvents, type EventStreams, resumeAfter } from './event-stream.ts'
import { draftBody, eventsQuery, markBody, messagesQuery, refuseOtherEpoch } from './input.ts'
import { messagePage } from './message-page.ts'
import { json, noContent, type Route, route } from './route.ts'
import { supportChat, supportChatSummary, supportMessage } from './shapes.ts'

/** What a user or visitor does with their own chat. An admin who uses the host app may have one, too. */
export function ownChatRoutes(core: Core, streams: EventStreams): Route[] {
  const { store } = core
  const history = userHistory(store)
  return [
    route({
      method: 'get',
      path: '/support_chat',
      access: 'person',
      summary: "The caller's chat with its newest messages; it is made if there is none",
      answers: { 200: { description: 'The chat', schema: supportChat } },
      async handle({ caller }) {
        const chat = await open(core, caller)
        const { messages, hasMore } = await history.newest(chat.id, PAGE_SIZE)
        // Up to what is on the page: a client takes the rest for what lies before it.
        const unread_count = await unreadCount(store, chat, messages.at(-1)?.seq ?? 0)
        const contact_needed = isContactNeeded(caller, chat)
        return json({ id: chat.id, messages, has_more: hasMore, unread_count, contact_needed }, 200)
      },
    }),

    route({
      method: 'get',
      path: '/support_chat/summary',
      access: 'person',
      summary: 'Whether the caller has a chat and how many replies are unread; nothing is made',
      answers: { 200: { description: 'The summary', schema: supportChatSummary } },
      async handle({ caller }) {
        const chat = await findOwn(store, caller.id)
        if (chat === undefined) return json({ exists: false, unread_count: 0 }, 200)
        return json({ exists: true, unread_count: await unreadCount(store, chat, chat.last_seq) }, 200)
      },
    }),

    route({
      method: 'get',
      path: '/support_chat/messages',
      access: 'person',
      summary: 'A page of messages, ascending; a Link header leads to the next one',
      query: messagesQuery,
      answers: { 200: { description: 'The messages', schema: z.array(supportMessage) } },
      async handle({ caller, query, path }) {
        const chat = await findOwn(store, caller.id)
        return chat === undefined ? json([], 200) : await messagePage(history, chat.id, query, path)
      },
    }),

    route({
      method: 'post',
      path: '/support_chat/messages',
      access: 'person',
      summary: 'Sends a message; the same client_id again returns the first one',
      body: draftBody,
      answers: {
        200: { description: 'The message that this client_id stored before', schema: supportMessage },
        201: { description: 'The message', schema: supportMessage },
      },
      async handle({ caller, body }) {
        const clientId = body.client_id ?? null
        const chat = await openToSend(core, caller, clientId)
        const { message, repeated } = await core.messages.append(
          { type: 'user', name: caller.name },
          { chatId: chat.id, content: body.content, clientId },
        )
        return json(message, repeated ? 200 : 201)
      },
    }),

    route({
      method: 'patch',
      path: '/support_chat/mark_read',
      access: 'person',
      summary: 'Marks replies read, up to a seq or all there are',
      body: markBody,
      answers: { 204: { description: 'They are read' } },
      async handle({ caller, body }) {
        refuseOtherEpoch(core, body)
        const chat = await findOwn(store, caller.id)
        if (chat !== undefined) await read(core, chat.id, body.through)
        return noContent()
      },
    }),

    route({
      method: 'patch',
      path: '/support_chat/contact',
      access: 'person',
      summary: 'Keeps where a visitor can be reached; for someone who is signed in, the host app knows that',
      body: visitorContact,
      answers: { 204: { description: 'It is kept' } },
      async handle({ caller, body: { email, name } }) {
        await leaveContact(core, caller, { email, name: name || undefined })
        return noContent()
      },
    }),

    route({
      method: 'post',
      path: '/support_chat/claim',
      access: 'person',
      summary: 'Takes over the chat of the visitor that the caller was before signing in',
      body: z.strictObject({ visitor_token: z.string().min(1) }),
      answers: { 204: { description: 'The chat is the caller’s, or the visitor had none' } },
      async handle({ caller, body }) {
        if (caller.role === 'visitor') throw new DeskbellError('forbidden', 'A visitor cannot claim a chat.')
        const visitorId = await visitorOf(core, body.visitor_token)
        await claimVisitorChat(core, visitorId, caller)
        return noContent()
      },
    }),

    route({
      method: 'get',
      path: '/support_chat/events',
      access: 'person',
      summary: "Server-Sent Events of the caller's chat; Last-Event-ID or after resumes",
      query: eventsQuery,
      answers: { 200: { description: 'The events', contentType: 'text/event-stream' } },
      async handle({ caller, query, request, revocations, address }) {
        return await chatEvents(
          core,
          streams,
          { request, caller, revocations, address },
          {
            find: () => ownChat(core, caller.id),
            history,
            after: resumeAfter(request, query.after),
          },
        )
      },
    }),
  ]
}

async function ownChat(core: Core, externalId: string): Promise<Chat> {
  const chat = await findOwn(core.store, externalId)
  if (chat === undefined) throw new DeskbellError('not_found', 'There is no such chat.')
  return chat
}

async function visitorOf({ identity }: Core, token: string): Promise<string> {
  if (identity.visitors === null) throw new DeskbellError('forbidden', 'Visitors are not allowed here.')
  try {
    const { id } = await identity.visitors.verify(token)
    return id
  } catch {
    // The caller is known; it is their input that is wrong.
    throw new DeskbellError('invalid', 'visitor_token is not the token of a visitor.')
  }
}
