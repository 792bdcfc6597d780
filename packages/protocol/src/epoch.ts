/**
 * A header of each answer of the desk's interface. Another value than before means that messages may have got lost or
 * have become others since, as when a backup was put back: what is known of a chat is read anew.
 */
export const EPOCH_HEADER = 'deskbell-epoch'
