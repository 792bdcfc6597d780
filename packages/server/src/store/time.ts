import type { Timestamp } from './schema.ts'

/** Microseconds since 1970 as a timestamp: `2026-11-22T17:41:00.123456Z`. */
export function timestamp(micros: number): Timestamp {
  const millis = Math.floor(micros / 1000)
  const rest = micros - millis * 1000
  return `${new Date(millis).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

/** The microseconds since 1970 of a timestamp that `timestamp` made. */
export function micros(at: Timestamp): number {
  return Date.parse(`${at.slice(0, 23)}Z`) * 1000 + Number(at.slice(23, 26))
}

/** Whether something from outside is a time as `timestamp` writes it. */
export function isTimestamp(value: unknown): value is Timestamp {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}
