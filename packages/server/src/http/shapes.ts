import {
  type AdminProfile,
  type AdminSupportChat,
  type AdminSupportMessage,
  ERROR_CODES,
  type ErrorCode,
  type Problem,
  type SearchHit,
  type SupportChat,
  type SupportChatListItem,
  type SupportChatSummary,
  type SupportChatsSummary,
  type SupportMessage,
  type SupportNotification,
  type SupportUser,
  type SupportUserExport,
  type VisitorToken,
} from '@deskbell/protocol'
import * as z from 'zod'

/** The wire's shapes as schemas; their ids name them in the OpenAPI document. */
export const SHAPES = z.registry<{ id: string }>()

const seq = z.int().min(1)
const time = z.iso.datetime({ precision: 6 })
const senderType = z.enum(['user', 'admin'])

export const supportMessage = named(
  'SupportMessage',
  z.object({
    id: z.string(),
    seq,
    client_id: z.string().nullable(),
    content: z.string(),
    sender_type: senderType,
    sender_name: z.string().nullable(),
    read_at: time.nullable(),
    created_at: time,
  }) satisfies z.ZodType<SupportMessage>,
)

export const adminSupportMessage = named(
  'AdminSupportMessage',
  supportMessage.extend({ sender_id: z.string().optional() }) satisfies z.ZodType<AdminSupportMessage>,
)

export const supportChat = named(
  'SupportChat',
  z.object({
    id: z.string(),
    messages: z.array(supportMessage),
    has_more: z.boolean(),
    unread_count: z.int().min(0),
    contact_needed: z.boolean(),
  }) satisfies z.ZodType<SupportChat>,
)

export const supportChatSummary = named(
  'SupportChatSummary',
  z.object({ exists: z.boolean(), unread_count: z.int().min(0) }) satisfies z.ZodType<SupportChatSummary>,
)

export const supportChatsSummary = named(
  'SupportChatsSummary',
  z.object({ unread_count: z.int().min(0) }) satisfies z.ZodType<SupportChatsSummary>,
)

export const supportChatListItem = named(
  'SupportChatListItem',
  z.object({
    id: z.string(),
    user_id: z.string(),
    user_email: z.string().nullable(),
    user_name: z.string().nullable(),
    last_message_at: time.nullable(),
    last_message_preview: z.string().nullable(),
    last_message_sender: senderType.nullable(),
    message_count: z.int().min(0),
    unread: z.boolean(),
    archived: z.boolean(),
  }) satisfies z.ZodType<SupportChatListItem>,
)

const supportUser = named(
  'SupportUser',
  z.object({
    id: z.string(),
    external_id: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    is_visitor: z.boolean(),
    first_seen_at: time,
    traits: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    locale: z.string().nullable(),
    unsubscribed_at: time.nullable(),
    mail_refusal: z.object({ detail: z.string(), at: time }).nullable(),
    message_count: z.int().min(0),
  }) satisfies z.ZodType<SupportUser>,
)

const supportNotification = named(
  'SupportNotification',
  z.object({
    id: z.string(),
    state: z.enum(['pending', 'sent', 'skipped', 'failed']),
    reason: z
      .enum(['read', 'archived', 'unsubscribed', 'no_address', 'suppressed'])
      .or(z.enum(['refused', 'gave_up']))
      .or(z.enum(['looking', 'limited', 'retrying']))
      .nullable(),
    detail: z.string().nullable(),
    from_seq: seq,
    through_seq: seq,
    address: z.string().nullable(),
    at: time,
  }) satisfies z.ZodType<SupportNotification>,
)

export const adminSupportChat = named(
  'AdminSupportChat',
  z.object({
    id: z.string(),
    user_id: z.string(),
    user_email: z.string().nullable(),
    user_name: z.string().nullable(),
    archived: z.boolean(),
    messages: z.array(adminSupportMessage),
    has_more: z.boolean(),
    user: supportUser,
    notifications: z.array(supportNotification),
  }) satisfies z.ZodType<AdminSupportChat>,
)

export const supportUserExport = named(
  'SupportUserExport',
  z.object({
    exported_at: z.iso.datetime(),
    user: supportUser,
    chat: supportChatListItem.nullable(),
    messages: z.array(supportMessage),
    notifications: z.array(supportNotification),
  }) satisfies z.ZodType<SupportUserExport>,
)

const around = {
  excerpt: z.string(),
  highlights: z.array(z.tuple([z.int().min(0), z.int().min(0)])),
}

export const searchHit = named(
  'SearchHit',
  z.object({
    chat: supportChatListItem,
    matches: z.array(
      z.discriminatedUnion('field', [
        z.object({ field: z.enum(['email', 'name']), ...around }),
        z.object({
          field: z.literal('content'),
          seq,
          sender_type: senderType,
          sender_name: z.string().nullable(),
          created_at: time,
          ...around,
        }),
      ]),
    ),
  }) satisfies z.ZodType<SearchHit>,
)

export const visitorToken = named(
  'VisitorToken',
  z.object({ token: z.string() }) satisfies z.ZodType<VisitorToken>,
)

export const adminProfile = named(
  'AdminProfile',
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    has_account: z.boolean(),
  }) satisfies z.ZodType<AdminProfile>,
)

export const adminSession = named(
  'AdminSession',
  z.object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
    session: z.object({ expires_at: z.iso.datetime() }),
  }),
)

export const problem = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    retry_after: z.int().optional(),
  }) satisfies z.ZodType<Omit<Problem, 'retry_after'>>,
)

function named<S extends z.ZodType>(id: string, schema: S): S {
  SHAPES.add(schema, { id })
  return schema
}
