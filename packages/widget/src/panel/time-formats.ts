import { dateName } from '@deskbell/client/text'

/** Keeps the place of a text that is written later. */
export const UNWRITTEN = '\u00a0'

/** Made when first needed, once for all messages: making a formatter takes longer than drawing a message. */
export class TimeFormats {
  readonly #locale: string
  #time: Intl.DateTimeFormat | undefined
  #full: Intl.DateTimeFormat | undefined

  constructor(locale: string) {
    this.#locale = locale
  }

  time(date: Date): string {
    this.#time ??= new Intl.DateTimeFormat(this.#locale, { hour: 'numeric', minute: '2-digit' })
    return this.#time.format(date)
  }

  day(start: number, today: number): string {
    return dateName(start, today, this.#locale)
  }

  full(date: Date): string {
    this.#full ??= new Intl.DateTimeFormat(this.#locale, { dateStyle: 'full', timeStyle: 'short' })
    return this.#full.format(date)
  }
}
