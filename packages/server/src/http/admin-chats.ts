import { MAX_PAGE_SIZE, MAX_QUERY_LENGTH, PAGE_SIZE } from '@deskbell/protocol'
import * as z from 'zod'
import { archive, restore } from '../chats/archive.ts'
import { findChat, listItem } from '../chats/chat.ts'
import { list } from '../chats/list.ts'
import { countUnreadChats } from '../chats/unread.ts'
import { view } from '../chats/view.ts'
import type { Core } from '../core.ts'
import { senderIn } from '../messages/draft.ts'
import { refuseErased } from '../messages/erased.ts'
import { adminHistory } from '../messages/history.ts'
import { notificationsOf } from '../notifications/decisions.ts'
import { search } from '../search/search.ts'
import { findUser } from '../users/user.ts'
import { adminEvents, chatEvents, type EventStreams, resumeAfter } from './event-stream.ts'
import { draftBody, eventsQuery, limitParam, markBody, messagesQuery, refuseOtherEpoch } from './input.ts'
import { messagePage } from './message-page.ts'
import { profileOf } from './profile.ts'
import { json, nextPage, type Route, route } from './route.ts'
import {
  adminProfile,
  adminSupportChat,
  adminSupportMessage,
  searchHit,
  supportChatListItem,
  supportChatsSummary,
} from './shapes.ts'

const cursorParam = z.string().min(1).max(500).optional()

const listQuery = z.strictObject({
  archived: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .meta({ type: 'boolean', enum: undefined })
    .default(false),
  limit: limitParam,
  cursor: cursorParam,
})

const searchQuery = z.strictObject({
  q: z.string().max(MAX_QUERY_LENGTH),
  limit: limitParam,
  cursor: cursorParam,
})

/** What the support team does. */
export function adminChatRoutes(core: Core, streams: EventStreams): Route[] {
  const { store } = core
  const history = adminHistory(store)
  return [
    route({
      method: 'get',
      path: '/admin/me',
      access: 'admin',
      summary: 'Who the calling admin is',
      answers: { 200: { description: 'The admin', schema: adminProfile } },
      handle: ({ caller }) => json(profileOf(caller), 200),
    }),

    route({
      method: 'get',
      path: '/admin/chats',
      access: 'admin',
      summary: 'The active or archived chats, newest message first; a Link header leads to the next page',
      query: listQuery,
      answers: { 200: { description: 'The chats', schema: z.array(supportChatListItem) } },
      async handle({ query: { archived, limit, cursor }, path }) {
        const { items, next } = await list(store, { archived, limit, cursor: cursor ?? null })
        const following = next === null ? null : { archived: String(archived), limit, cursor: next }
        return json(items, 200, nextPage(path, following))
      },
    }),

    route({
      method: 'get',
      path: '/admin/chats/summary',
      access: 'admin',
      summary: 'How many active chats are unread',
      answers: { 200: { description: 'The summary', schema: supportChatsSummary } },
      handle: async () => json({ unread_count: await countUnreadChats(store) }, 200),
    }),

    route({
      method: 'get',
      path: '/admin/search',
      access: 'admin',
      summary:
        'Chats found by name, e-mail address or message, newest first; a Link header leads to the next page',
      query: searchQuery,
      answers: { 200: { description: 'The chats, and where in them', schema: z.array(searchHit) } },
      async handle({ query: { q, limit, cursor }, path }) {
        const { hits, next } = await search(store, { typed: q, limit, cursor: cursor ?? null })
        return json(hits, 200, nextPage(path, next === null ? null : { q, limit, cursor: next }))
      },
    }),

    route({
      method: 'get',
      path: '/admin/chats/:id',
      access: 'admin',
      summary: 'A chat with its newest messages, which count as viewed from now on',
      answers: { 200: { description: 'The chat', schema: adminSupportChat } },
      async handle({ caller, params, request }) {
        const chat = await findChat(store, caller, params.id ?? '')
        const { messages, hasMore } = await history.newest(chat.id, PAGE_SIZE)
        const user = await findUser(store, chat.user_id)
        // A HEAD request shows nothing.
        const shown = request.method === 'HEAD' ? 0 : (messages.at(-1)?.seq ?? 0)
        if (shown > chat.admin_viewed_seq) await view(core, chat.id, shown)
        const { id, user_id, user_email, user_name, archived } = listItem(chat)
        const head = { id, user_id, user_email, user_name, archived }
        const notifications = await notificationsOf(store, chat.id, MAX_PAGE_SIZE)
        return json({ ...head, messages, has_more: hasMore, user, notifications }, 200)
      },
    }),

    route({
      method: 'get',
      path: '/admin/chats/:id/messages',
      access: 'admin',
      summary: 'A page of messages, ascending; a Link header leads to the next one',
      query: messagesQuery,
      answers: { 200: { description: 'The messages', schema: z.array(adminSupportMessage) } },
      async handle({ caller, params, query, path }) {
        const chat = await findChat(store, caller, params.id ?? '')
        return await messagePage(history, chat.id, query, path)
      },
    }),

    route({
      method: 'post',
      path: '/admin/chats/:id/messages',
      access: 'admin',
      summary: 'Answers; the same client_id again returns the first answer',
      body: draftBody,
      answers: {
        200: { description: 'The message that this client_id stored before', schema: adminSupportMessage },
        201: { description: 'The message', schema: adminSupportMessage },
      },
      async handle({ caller, params, body }) {
        const chat = await findChat(store, caller, params.id ?? '')
        const sender = senderIn(chat, caller)
        const clientId = body.client_id ?? null
        if (sender.type === 'user') await refuseErased(store, store.db, caller.id, clientId)
        const draft = { chatId: chat.id, content: body.content, clientId }
        const { message, repeated } = await core.messages.append(sender, draft)
        return json(message, repeated ? 200 : 201)
      },
    }),

    route({
      method: 'post',
      path: '/admin/chats/:id/archive',
      access: 'admin',
      summary: 'Puts a chat aside until its user writes again',
      answers: { 200: { description: 'The chat’s row', schema: supportChatListItem } },
      async handle({ caller, params }) {
        const chat = await findChat(store, caller, params.id ?? '')
        return json(listItem(await archive(core, chat.id)), 200)
      },
    }),

    route({
      method: 'post',
      path: '/admin/chats/:id/unarchive',
      access: 'admin',
      summary: 'Brings an archived chat back',
      answers: { 200: { description: 'The chat’s row', schema: supportChatListItem } },
      async handle({ caller, params }) {
        const chat = await findChat(store, caller, params.id ?? '')
        return json(listItem(await restore(core, chat.id)), 200)
      },
    }),

    route({
      method: 'post',
      path: '/admin/chats/:id/viewed',
      access: 'admin',
      summary: 'Marks a chat viewed, up to a seq or all there is',
      body: markBody,
      answers: { 200: { description: 'The chat’s row', schema: supportChatListItem } },
      async handle({ caller, params, body }) {
        refuseOtherEpoch(core, body)
        const chat = await findChat(store, caller, params.id ?? '')
        return json(listItem(await view(core, chat.id, body.through)), 200)
      },
    }),

    route({
      method: 'get',
      path: '/admin/events',
      access: 'admin',
      summary: 'Server-Sent Events of the list of chats',
      query: z.strictObject({ token: z.string().optional() }),
      answers: { 200: { description: 'The events', contentType: 'text/event-stream' } },
      handle: (call) => adminEvents(core, streams, call),
    }),

    route({
      method: 'get',
      path: '/admin/chats/:id/events',
      access: 'admin',
      summary: 'Server-Sent Events of a chat; Last-Event-ID or after resumes',
      query: eventsQuery,
      answers: { 200: { description: 'The events', contentType: 'text/event-stream' } },
      async handle({ caller, params, query, request, revocations, address }) {
        return await chatEvents(
          core,
          streams,
          { request, caller, revocations, address },
          {
            find: () => findChat(store, caller, params.id ?? ''),
            history,
            after: resumeAfter(request, query.after),
          },
        )
      },
    }),
  ]
}
