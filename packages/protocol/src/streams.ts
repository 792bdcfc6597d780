/** The stream every admin may follow. */
export const ADMIN_STREAM = 'admin_support_notifications'

/** The stream of one chat. */
export const chatStream = (chatId: string): string => `support_chat:${chatId}`

/** The Action Cable channels, by the name a subscription identifier carries. */
export const CHAT_CHANNEL = 'SupportChatChannel'
export const CHAT_CHANNEL_ALIAS = 'ChatChannel'
export const ADMIN_CHANNEL = 'AdminNotificationChannel'

/** The subprotocols of the cable, in the order the desk prefers them. */
export const CABLE_SUBPROTOCOL = 'actioncable-v1-json'
export const CABLE_UNSUPPORTED_SUBPROTOCOL = 'actioncable-unsupported'
/** A user's token can travel as a subprotocol: `deskbell-token.<JWT>`. */
export const TOKEN_SUBPROTOCOL_PREFIX = 'deskbell-token.'
