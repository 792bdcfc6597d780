import type { IncomingMessage, ServerResponse } from 'node:http'
import { DeskbellError, MAX_FRAME_BYTES } from '@deskbell/protocol'
import { problemResponse } from './problem.ts'
import type { HttpContext } from './route.ts'

/** What is left of a body after its answer is read away up to here, so that the client gets to see the answer. */
const DISCARD_BYTES = 16 * MAX_FRAME_BYTES
const DISCARD_MS = 5_000

/** What Express and its like add to a request. */
interface HostRequest extends IncomingMessage {
  originalUrl?: string
  baseUrl?: string
  body?: unknown
}

/**
 * A desk as a listener of `node:http`, for a bare server as for Express and its like: it may stand behind a body
 * parser, and below a prefix, which then takes the place of the desk's `basePath`.
 *
 * @example
 * app.use('/support', toNodeHandler(desk))
 */
export function toNodeHandler(desk: {
  fetch(request: Request, context?: HttpContext): Promise<Response>
}): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming: HostRequest, outgoing) => {
    const closed = new AbortController()
    outgoing.on('close', () => closed.abort())
    // A connection that breaks ends in 'close'; there is nobody left to tell of the error.
    outgoing.on('error', () => {})
    void respond(desk, incoming, outgoing, closed.signal)
  }
}

async function respond(
  desk: { fetch(request: Request, context?: HttpContext): Promise<Response> },
  incoming: HostRequest,
  outgoing: ServerResponse,
  closed: AbortSignal,
): Promise<void> {
  try {
    const context = { base: incoming.baseUrl || undefined, remoteAddress: incoming.socket.remoteAddress }
    await write(await desk.fetch(toRequest(incoming, closed), context), outgoing, closed)
  } catch (error) {
    if (outgoing.headersSent) outgoing.destroy()
    else await write(problemResponse(DeskbellError.from(error)), outgoing, closed)
  }
  if (!incoming.complete) discard(incoming)
}

function toRequest(incoming: HostRequest, signal: AbortSignal): Request {
  const { method = 'GET', rawHeaders } = incoming
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  const url = addressOf(incoming)
  // The Fetch standard has no requests of these methods.
  if (/^(connect|trace|track)$/i.test(method)) {
    throw new DeskbellError('invalid', 'This method is not allowed.', { status: 405 })
  }
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  const body = incoming.readableDidRead ? parsedBody(incoming.body) : streamOf(incoming)
  // Fetch asks for this beside a stream: the answer may not begin before the body has ended.
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, body, duplex: 'half' }
  return new Request(url, init)
}

function addressOf(incoming: HostRequest): string {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http'
  const path = incoming.originalUrl ?? incoming.url ?? '/'
  const url = `${scheme}://${incoming.headers.host ?? 'localhost'}`
  // A request line may also carry a whole address, or nonsense; what is not a path leads nowhere.
  return `${URL.canParse(url) ? new URL(url).origin : `${scheme}://localhost`}${path.startsWith('/') ? path : '/'}`
}

/** A body that the host's parser has read already. */
function parsedBody(body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

/** Nothing is read before somebody asks, and no more than they ask for. */
function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(value as Uint8Array)
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

async function write(response: Response, outgoing: ServerResponse, closed: AbortSignal): Promise<void> {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  if (response.body === null) return void outgoing.end()

  const reader = response.body.getReader()
  closed.addEventListener('abort', () => void reader.cancel().catch(() => {}), { once: true })
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (!outgoing.write(chunk.value)) await drained(outgoing, closed)
    if (closed.aborted) return
  }
  outgoing.end()
}

async function drained(outgoing: ServerResponse, closed: AbortSignal): Promise<void> {
  if (closed.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.off('drain', done)
      closed.removeEventListener('abort', done)
      resolve()
    }
    outgoing.on('drain', done)
    closed.addEventListener('abort', done)
  })
}

/** Reads away what nobody wants; whoever sends on regardless is cut off. */
function discard(incoming: IncomingMessage): void {
  let left = DISCARD_BYTES
  const timer = setTimeout(() => incoming.destroy(), DISCARD_MS).unref()
  incoming.on('close', () => clearTimeout(timer))
  incoming.on('error', () => {})
  incoming.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) incoming.destroy()
  })
  incoming.resume()
}
