export { isEmojiOnly, linkify, type TextPart } from './links.ts'
export { type Day, dateName, dayName, daysAgo, type Group, keyOf, type Placed, timeline } from './timeline.ts'
