import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** What a WebSocket client hears. */
export interface WireListener {
  opened(): void
  text(frame: string): void
  closed(reason: string): void
}

export interface WireAddress {
  port: number
  path: string
  headers: string[]
}

const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const

// One buffer serves every socket's reads: what is left of a frame is copied before the next read.
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * A WebSocket client that costs a fraction of `ws`, so that on two cores the measured server is the slow side:
 * frames are masked with one key per connection, text is taken as Latin-1 (the load sends nothing else), and there
 * is no extension. It speaks RFC 6455 as far as the measured servers need it.
 */
export class Wire {
  readonly mask = randomBytes(4)
  readonly #socket: Socket
  readonly #listener: WireListener
  #state: 'opening' | 'open' | 'closed' = 'opening'
  #rest: Buffer | null = null

  constructor(address: WireAddress, listener: WireListener) {
    this.#listener = listener
    this.#socket = connect({
      port: address.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: readBuffer, callback: (bytes) => this.#read(bytes) },
    })
    this.#socket.on('error', (error) => this.#end(error.message))
    this.#socket.on('close', () => this.#end('closed by the server'))
    this.#socket.write(
      [
        `GET ${address.path} HTTP/1.1`,
        `Host: 127.0.0.1:${address.port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        ...address.headers,
        '\r\n',
      ].join('\r\n'),
    )
  }

  send(text: string): void {
    this.write(maskedFrame(text, this.mask))
  }

  /** Writes a frame made by `maskedFrame` with this wire's mask. */
  write(frame: Buffer): void {
    this.#socket.write(frame)
  }

  close(): void {
    this.#state = 'closed'
    this.#socket.destroy()
  }

  #end(reason: string) {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#socket.destroy()
    this.#listener.closed(reason)
  }

  #read(bytes: number): boolean {
    let data = readBuffer.subarray(0, bytes)
    if (this.#rest !== null) data = Buffer.concat([this.#rest, data])
    this.#rest = null
    const read = this.#state === 'opening' ? this.#readHandshake(data) : this.#readFrames(data, 0)
    if (read < data.length) this.#rest = Buffer.from(data.subarray(read))
    return true
  }

  #readHandshake(data: Buffer): number {
    const end = data.indexOf('\r\n\r\n')
    if (end < 0) return 0
    if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
      this.#end(data.toString('latin1', 0, data.indexOf('\r\n')))
      return data.length
    }
    this.#state = 'open'
    this.#listener.opened()
    return this.#readFrames(data, end + 4)
  }

  #readFrames(data: Buffer, start: number): number {
    let at = start
    while (this.#state === 'open' && at + 2 <= data.length) {
      let length = (data[at + 1] ?? 0) & 127
      let head = 2
      if (length === 126) {
        if (at + 4 > data.length) return at
        length = data.readUInt16BE(at + 2)
        head = 4
      } else if (length === 127) {
        if (at + 10 > data.length) return at
        length = Number(data.readBigUInt64BE(at + 2))
        head = 10
      }
      const payload = at + head
      if (payload + length > data.length) return at
      this.#take((data[at] ?? 0) & 15, data, payload, payload + length)
      at = payload + length
    }
    return this.#state === 'open' ? at : data.length
  }

  #take(opcode: number, data: Buffer, from: number, to: number) {
    if (opcode === OPCODE.text) this.#listener.text(data.toString('latin1', from, to))
    else if (opcode === OPCODE.ping)
      this.write(maskedFrame(data.toString('latin1', from, to), this.mask, OPCODE.pong))
    else if (opcode === OPCODE.close)
      this.#end(`close frame ${to - from >= 2 ? data.readUInt16BE(from) : ''}`)
  }
}

/** A client's frame, ready to be written (RFC 6455 section 5.2); at most 65,535 bytes. */
export function maskedFrame(text: string, mask: Buffer, opcode: number = OPCODE.text): Buffer {
  const length = text.length
  const head = length < 126 ? 2 : 4
  const frame = Buffer.allocUnsafe(head + 4 + length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | Math.min(length, 126)
  if (head === 4) frame.writeUInt16BE(length, 2)
  mask.copy(frame, head)
  const start = head + 4
  frame.write(text, start, 'latin1')
  for (let at = 0; at < length; at++) frame[start + at] = (frame[start + at] ?? 0) ^ (mask[at & 3] ?? 0)
  return frame
}
