/** A JSON object that came from outside: nothing is known of its properties. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The object that a text is, or null for any other text. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
