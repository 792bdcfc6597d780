import type { BusMessage } from './bus.ts'

/** Writes a message as it travels: a head, and the events as they were encoded. JSON has no line breaks of its own. */
export function writeLetter(from: string, { json, adminJson, ...head }: BusMessage): string {
  const parts = [JSON.stringify({ from, ...head })]
  if (json !== null) parts.push(json)
  if (json !== null && adminJson !== undefined) parts.push(adminJson)
  return parts.join('\n')
}

/** The same without its events, for a bus that cannot carry them; null when nobody could read them elsewhere. */
export function writeReference(from: string, message: BusMessage): string | null {
  return message.source === undefined ? null : writeLetter(from, { ...message, json: null })
}

/** Reads what `writeLetter` wrote; null for what is no letter of ours. */
export function readLetter(text: string): { from: string; message: BusMessage } | null {
  const [head = '', json = null, adminJson] = text.split('\n')
  try {
    // Only desks write here. What they write is checked as far as a newer version may write it differently.
    const { from, stream, seq, at, source } = JSON.parse(head) as Record<string, unknown>
    if (typeof from !== 'string' || typeof stream !== 'string' || typeof at !== 'number') return null
    if (seq !== null && typeof seq !== 'number') return null
    if (json === null && !isSource(source)) return null
    const more = isSource(source) ? { source } : {}
    return { from, message: { stream, seq, at, json, adminJson, ...more } }
  } catch {
    return null
  }
}

function isSource(value: unknown): value is NonNullable<BusMessage['source']> {
  if (typeof value !== 'object' || value === null) return false
  const { chatId, seq } = value as Record<string, unknown>
  return typeof chatId === 'string' && typeof seq === 'number'
}
