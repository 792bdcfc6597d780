import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Systems give outgoing connections ports above: one that a stopped server had would be gone when it starts again. */
const [FIRST, LAST] = [20_000, 32_000]

/** Each process walks on from a place of its own: two that chose at random met now and then, before either listened. */
let next = randomInt(FIRST, LAST)

/** A TCP port that was free a moment ago, and stays so while nobody asks for it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next
    next = port + 1 < LAST ? port + 1 : FIRST
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue // somebody has it
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
