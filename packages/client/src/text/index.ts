export { isEmojiOnly, linkify, type TextPart } from './links.ts'
export { type Day, dayName, type Group, keyOf, type Placed, timeline } from './timeline.ts'
