'use client'

export type { ClientMessage, Failure, Status, TokenSource } from '@deskbell/client'
export { SupportChat } from './support-chat.ts'
export { SupportChatPanel } from './support-chat-panel.tsx'
export { SupportChatProvider, type SupportChatProviderProps } from './support-chat-provider.tsx'
export { type SupportChatState, useSupportChat } from './use-support-chat.ts'
