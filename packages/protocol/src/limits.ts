/** Characters of one message. */
export const MAX_CONTENT_LENGTH = 10_000
/** Characters of a client_id, an external id, an e-mail address or a name. */
export const MAX_ID_LENGTH = 64
export const MAX_EXTERNAL_ID_LENGTH = 191
export const MAX_EMAIL_LENGTH = 254
export const MAX_NAME_LENGTH = 200
/** Bytes of one frame or request body. */
export const MAX_FRAME_BYTES = 64 * 1024
/** Characters of a list row's preview. */
export const PREVIEW_LENGTH = 100
/** Messages or chats of one page, when the caller names no limit and at most. */
export const PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 200
/** Characters of what is searched for. */
export const MAX_QUERY_LENGTH = 200
/** Traits of one user, characters of a trait's name and of its value. */
export const MAX_TRAITS = 20
export const MAX_TRAIT_NAME_LENGTH = 40
export const MAX_TRAIT_LENGTH = 200
