import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { until } from './until.ts'

const TEXT = 0x1
export const BINARY = 0x2
export const CLOSE = 0x8
export const PING = 0x9

/** A frame as a client sends it (RFC 6455, section 5.2); `masked: false` breaks the rule that it must be masked. */
export function clientFrame(
  payload: string | Buffer,
  { opcode = TEXT, masked = true }: { opcode?: number; masked?: boolean } = {},
): Buffer {
  const bytes = Buffer.from(payload)
  const flag = masked ? 0x80 : 0
  let header = Buffer.from([0x80 | opcode, flag | bytes.length])
  if (bytes.length >= 65_536) {
    header = Buffer.from([0x80 | opcode, flag | 127, 0, 0, 0, 0, 0, 0, 0, 0])
    header.writeBigUInt64BE(BigInt(bytes.length), 2)
  } else if (bytes.length >= 126) {
    header = Buffer.from([0x80 | opcode, flag | 126, 0, 0])
    header.writeUInt16BE(bytes.length, 2)
  }
  if (!masked) return Buffer.concat([header, bytes])
  const mask = randomBytes(4)
  const covered = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([header, mask, covered])
}

/** The request that asks for a socket; `headers` replace or add. */
export function upgradeRequest(path: string, headers: Record<string, string> = {}): string {
  const all = {
    Host: 'desk.example',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Protocol': 'actioncable-v1-json, actioncable-unsupported',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** A TCP connection that speaks WebSocket by hand, so that it can say what no library would. */
export class RawSocket implements AsyncDisposable {
  readonly socket: Socket
  isClosed = false
  #received = Buffer.alloc(0)

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
    })
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.isClosed = true
    })
  }

  /** The status line and headers of the answer, once they are there. */
  get answer(): string | null {
    const end = this.#received.indexOf('\r\n\r\n')
    return end < 0 ? null : this.#received.subarray(0, end).toString()
  }

  /** Everything the desk sent in whole frames. */
  get frames(): { opcode: number; text: string }[] {
    const found: { opcode: number; text: string }[] = []
    const bytes = this.#received
    let at = bytes.indexOf('\r\n\r\n') + 4
    while (at >= 4) {
      const size = sizeOf(bytes.subarray(at))
      if (size === null || at + size.header + size.payload > bytes.length) break
      const text = bytes.subarray(at + size.header, at + size.header + size.payload).toString()
      found.push({ opcode: bytes.readUInt8(at) & 0x0f, text })
      at += size.header + size.payload
    }
    return found
  }

  /** The text frames but the pings of the cable. */
  get texts(): string[] {
    return this.frames
      .filter(({ opcode, text }) => opcode === TEXT && !text.startsWith('{"type":"ping"'))
      .map(({ text }) => text)
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes)
  }

  async hears(count: number): Promise<string[]> {
    await until(`the desk has said ${count} things`, () => this.texts.length >= count)
    return this.texts
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    await until('the connection is closed', () => this.isClosed)
  }
}

/** The lengths of the frame that begins here; null when its header is not whole yet. */
function sizeOf(bytes: Buffer): { header: number; payload: number } | null {
  if (bytes.length < 2) return null
  const short = bytes.readUInt8(1)
  if (short < 126) return { header: 2, payload: short }
  if (short === 126) return bytes.length < 4 ? null : { header: 4, payload: bytes.readUInt16BE(2) }
  return bytes.length < 10 ? null : { header: 10, payload: Number(bytes.readBigUInt64BE(2)) }
}
