import type { DeskEvent } from '../engine.ts'
import type { BusMessage } from './bus/bus.ts'

/** An event on its way to those who listen. Its bytes are made once, and only if someone wants them. */
export class Announcement implements BusMessage {
  readonly stream: string
  readonly seq: number | null
  readonly at: number
  readonly source: BusMessage['source']
  readonly #forAdmins: DeskEvent['forAdmins']
  #event: DeskEvent['event'] | undefined
  #json: string | undefined
  #adminJson: string | undefined

  private constructor(
    { stream, seq, at, source }: Omit<BusMessage, 'json'>,
    { event, forAdmins }: Partial<DeskEvent>,
  ) {
    this.stream = stream
    this.seq = seq
    this.at = at
    this.source = source
    this.#event = event
    this.#forAdmins = forAdmins
  }

  /** What happened on this desk, told at that time. */
  static of(told: DeskEvent, at: number): Announcement {
    const { stream, event, source } = told
    const seq = event.type === 'new_message' ? event.message.seq : null
    return new Announcement({ stream, seq, at, source }, told)
  }

  /** What another desk told. */
  static heard(message: BusMessage, json: string): Announcement {
    const announcement = new Announcement(message, {})
    announcement.#json = json
    announcement.#adminJson = message.adminJson ?? undefined
    return announcement
  }

  get event(): DeskEvent['event'] {
    this.#event ??= JSON.parse(this.json) as DeskEvent['event'] // only desks write on the bus
    return this.#event
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.#event)
    return this.#json
  }

  get adminJson(): string | undefined {
    this.#adminJson ??= this.#forAdmins && JSON.stringify(this.#forAdmins)
    return this.#adminJson
  }
}
