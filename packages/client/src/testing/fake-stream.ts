/** An event stream whose bytes wait until a test lets them travel. */
export class FakeStream {
  readonly response: Response
  readonly token: string | null
  readonly toClient: string[] = []
  /** A proxy gathers the answer until its end. */
  readonly isBuffered: boolean
  isOpen = true
  #controller!: ReadableStreamDefaultController<Uint8Array>

  constructor(token: string | null, isBuffered: boolean, signal: AbortSignal) {
    this.token = token
    this.isBuffered = isBuffered
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller
      },
    })
    this.response = new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
    signal.addEventListener('abort', () => this.cut())
    this.toClient.push('retry: 2000\n\n')
  }

  push(event: object): void {
    this.write(`data: ${JSON.stringify(event)}\n\n`)
  }

  beat(): void {
    this.write(':\n\n')
  }

  write(text: string): void {
    this.toClient.push(text)
  }

  /** Tells whether anything travelled. */
  deliverAll(): boolean {
    if (!this.isOpen || this.isBuffered || this.toClient.length === 0) return false
    // In two pieces, as networks please: an event may come torn.
    const text = this.toClient.splice(0).join('')
    const bytes = new TextEncoder().encode(text)
    const middle = Math.floor(bytes.length / 2)
    this.#controller.enqueue(bytes.slice(0, middle))
    this.#controller.enqueue(bytes.slice(middle))
    return true
  }

  /** The desk ends it after what was written. */
  end(): void {
    if (!this.isOpen) return
    this.deliverAll()
    this.isOpen = false
    this.#controller.close()
  }

  cut(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#controller.error(new TypeError('the line broke'))
  }
}
