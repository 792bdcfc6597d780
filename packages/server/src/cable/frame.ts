const TEXT = 0x81
const PING = 0x89

/**
 * A whole text message as one unmasked frame (RFC 6455, section 5.2). Made once, it can be written to any
 * number of sockets, which saves the framing that a `send` per socket repeats.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = TEXT
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, header)
  return frame
}

/** A control frame that every WebSocket implementation answers by itself (RFC 6455, section 5.5.2). */
export const PING_FRAME = Buffer.from([PING, 0])
