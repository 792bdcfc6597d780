import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * What stands between a page and the desk. `down` breaks every connection, `stall` keeps them and lets nothing
 * through, `portal` answers everything with a page of its own, `no upgrade` and `hanging upgrade` know only HTTP, and
 * `buffer` also holds an answer back until it has ended.
 */
export type Fault = 'none' | 'down' | 'stall' | 'portal' | 'no upgrade' | 'hanging upgrade' | 'buffer'

const PORTAL = '<!doctype html><title>Hotel Wi-Fi</title><p>Please accept the terms.'

/** A proxy before a desk that can do what bad networks do. */
export class FaultProxy implements AsyncDisposable {
  /** Each piece takes this long, each way. */
  delayMs = 0
  readonly #server: Server
  readonly #target: number
  readonly #open = new Set<Socket>()
  readonly #stalled = new Set<() => void>()
  #fault: Fault = 'none'

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((incoming, outgoing) => this.#answer(incoming, outgoing))
    this.#server.on('upgrade', (incoming, socket: Socket, head) => this.#upgrade(incoming, socket, head))
    this.#server.on('connection', (socket) => {
      this.#keep(socket)
      if (this.#fault === 'down') socket.destroy()
    })
  }

  static async before(deskUrl: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(Number(new URL(deskUrl).port))
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on the network is like this; what is open goes on unless this fault breaks it. */
  become(fault: Fault): void {
    this.#fault = fault
    if (fault === 'stall') return
    // What had stalled is lost with its connection, as when a phone changes its network.
    const hadStalled = this.#stalled.size > 0
    this.#stalled.clear()
    if (fault !== 'none' || hadStalled) for (const socket of this.#open) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #keep(socket: Socket): void {
    this.#open.add(socket)
    socket.on('close', () => this.#open.delete(socket))
    socket.on('error', () => socket.destroy())
  }

  #answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (this.#fault === 'stall') return void this.#stalled.add(() => {})
    if (this.#fault === 'portal') return void outgoing.setHeader('content-type', 'text/html').end(PORTAL)
    const { method, url, headers } = incoming
    const onward = request(
      { port: this.#target, host: '127.0.0.1', method, path: url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.flushHeaders()
        if (this.#fault === 'buffer') this.#hold(answer, outgoing)
        else this.#forward(answer, outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    this.#forward(incoming, onward)
  }

  #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.#fault === 'stall' || this.#fault === 'hanging upgrade') return void this.#stalled.add(() => {})
    if (this.#fault !== 'none')
      return void socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n')
    const onward = connect(this.#target, '127.0.0.1')
    this.#keep(onward)
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`)
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`)
    onward.write(head)
    this.#forward(socket, onward)
    this.#forward(onward, socket)
    socket.on('close', () => onward.destroy())
    onward.on('close', () => socket.destroy())
  }

  /** Passes on what comes, later where there is a delay, and not at all while the network stalls. */
  #forward(from: NodeJS.ReadableStream, to: Duplex | ServerResponse | ReturnType<typeof request>): void {
    const pass = (then: () => void) => {
      if (this.#fault === 'stall') this.#stalled.add(then)
      else if (this.delayMs > 0) setTimeout(then, this.delayMs)
      else then()
    }
    from.on('data', (chunk: Buffer) => pass(() => to.writable && to.write(chunk)))
    from.on('end', () => pass(() => to.writable && to.end()))
    from.on('error', () => to.destroy())
  }

  #hold(from: IncomingMessage, to: ServerResponse): void {
    const chunks: Buffer[] = []
    from.on('data', (chunk: Buffer) => chunks.push(chunk))
    from.on('end', () => to.end(Buffer.concat(chunks)))
    from.on('error', () => to.destroy())
  }
}
