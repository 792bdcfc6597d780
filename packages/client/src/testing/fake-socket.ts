/** A socket whose frames wait on both sides until a test lets them travel. */
export class FakeSocket {
  readonly url: string
  readonly protocols: string[]
  readonly fromClient: string[] = []
  readonly toClient: object[] = []
  readyState = 0
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null

  constructor(url: string, protocols: string[]) {
    this.url = url
    this.protocols = protocols
  }

  get token(): string | null {
    const offered = this.protocols.find((protocol) => protocol.startsWith('deskbell-token.'))
    return offered?.slice('deskbell-token.'.length) ?? null
  }

  send(frame: string): void {
    this.fromClient.push(frame)
  }

  close(): void {
    this.readyState = 3
  }

  push(frame: object): void {
    if (this.readyState === 1) this.toClient.push(frame)
  }

  deliverAll(): void {
    while (this.toClient.length > 0) this.deliver(0)
  }

  /** Delivers one waiting frame, not necessarily the first. */
  deliver(index: number): void {
    const [frame] = this.toClient.splice(index, 1)
    if (frame && this.readyState === 1) this.hear(() => this.onmessage?.({ data: JSON.stringify(frame) }))
  }

  cut(): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.fromClient.length = 0
    this.toClient.length = 0
    this.hear(() => {
      this.onerror?.()
      this.onclose?.()
    })
  }

  /** When the page hears of it: at once. */
  hear(tell: () => void): void {
    tell()
  }
}
