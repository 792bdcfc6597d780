export type { ChannelHandlers, ChannelSubscription } from './channel.ts'
export { type Clock, systemClock } from './clock.ts'
export {
  type ChannelParams,
  type Connection,
  type ConnectionOptions,
  createConnection,
  type Status,
} from './connection.ts'
export type { Contact, Conversation, ConversationSnapshot } from './conversation.ts'
export type { ClientMessage } from './message-log.ts'
export type { Answer, Failure } from './rest.ts'
export { type PageDocument, pageSignals, type Signals } from './signals.ts'
export type { KeyStorage } from './storage.ts'
export {
  type AdminChatOptions,
  createAdminChat,
  createSupportChat,
  type SupportChatOptions,
  type Surroundings,
} from './support-chat.ts'
export type { TokenSource } from './tokens.ts'
export type { FillRandom } from './uuid.ts'
