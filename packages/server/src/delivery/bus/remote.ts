import { createHash, randomUUID } from 'node:crypto'
import type { Bus, BusEars, BusMessage } from './bus.ts'
import { readLetter, writeLetter, writeReference } from './letter.ts'
import type { Line } from './line.ts'
import { Listening } from './listening.ts'
import { Outgoing } from './outgoing.ts'

/** Within this time a desk hears itself, or the bus is away. */
const ECHO_MS = 2_000
/** Echoes that do not come, one after the other, before a connection that seems to be alive is given up. */
const SILENCES = 2

/** Desks that reach each other by a server in the middle. */
export class RemoteBus implements Bus {
  readonly #line: Line
  readonly #outgoing: Outgoing
  readonly #listening: Listening
  readonly #id = randomUUID()
  readonly #followed = new Set<string>()
  #namespace: string | undefined
  #ears: BusEars = { heard() {}, dropped() {}, connected() {} }
  #silences = 0
  #asking: Promise<void> | undefined
  #heardItself: () => void = () => {}

  constructor(line: Line) {
    this.#line = line
    this.#outgoing = new Outgoing(
      (batch) => line.send(batch),
      (count) => this.#ears.dropped(count),
    )
    this.#listening = new Listening(line)
  }

  listen(ears: BusEars): void {
    this.#ears = ears
  }

  async open(namespace: string): Promise<void> {
    this.#namespace = namespace
    this.#listening.add(this.#channel(this.#ownStream))
    for (const stream of this.#followed) this.#listening.add(this.#channel(stream))
    await this.#line.open({
      heard: (text) => this.#heard(text),
      connected: () => {
        this.#silences = 0
        this.#listening.renew()
        this.#ears.connected()
      },
    })
  }

  publish(message: BusMessage): void {
    // Before it is open there is no database either, and so nothing that is worth telling.
    if (this.#namespace === undefined) return
    const whole = writeLetter(this.#id, message)
    const isTooLarge = Buffer.byteLength(whole) > this.#line.maxBytes
    const text = isTooLarge ? writeReference(this.#id, message) : whole
    if (text === null) return this.#ears.dropped(1)
    this.#outgoing.push({ channel: this.#channel(message.stream), text })
  }

  follow(stream: string): void {
    this.#followed.add(stream)
    if (this.#namespace !== undefined) this.#listening.add(this.#channel(stream))
  }

  leave(stream: string): void {
    this.#followed.delete(stream)
    if (this.#namespace !== undefined) this.#listening.delete(this.#channel(stream))
  }

  /** One question for all who ask meanwhile: silences are counted, and a crowd that asks must not make many of one. */
  ping(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async close(): Promise<void> {
    this.#listening.stop()
    await this.#outgoing.close()
    await this.#line.close()
  }

  /** Says something to itself by way of the server: whoever hears that can hear others, and be heard. */
  async #ask(): Promise<void> {
    const echo = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      echo.reject(new Error(`no echo within ${ECHO_MS} ms`))
      if (++this.#silences % SILENCES === 0) this.#line.reset()
    }, ECHO_MS)
    this.#heardItself = echo.resolve
    const text = writeLetter(this.#id, { stream: this.#ownStream, seq: null, at: 0, json: '{}' })
    this.#line.send([{ channel: this.#channel(this.#ownStream), text }]).catch(echo.reject)
    try {
      await echo.promise
      this.#silences = 0
    } finally {
      clearTimeout(timer)
    }
  }

  get #ownStream(): string {
    return `desk:${this.#id}`
  }

  #heard(text: string): void {
    const letter = readLetter(text)
    if (letter === null) return
    const { from, message } = letter
    if (from !== this.#id) return this.#followed.has(message.stream) ? this.#ears.heard(message) : undefined
    if (message.stream === this.#ownStream) this.#heardItself()
  }

  /** What a client calls a chat may be anything, also a wildcard of the server's. */
  #channel(stream: string): string {
    const isPlain = /^[\w:-]{1,100}$/.test(stream)
    const name = isPlain ? stream : createHash('sha256').update(stream).digest('hex')
    return `deskbell.${this.#namespace}.${name}`
  }
}
