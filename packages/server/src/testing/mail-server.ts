import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import type { SmtpStep } from './mail-steps.ts'

/** How a mail server may behave. */
export const MODES = [
  'normal',
  'slow',
  '421',
  '450',
  '550',
  'drops after the final 250',
  'drops before the final 250',
  'refuses TLS',
  'refuses auth',
] as const
export type Mode = (typeof MODES)[number]

/** A mail as a server took it: its bytes, and what an independent parser makes of them. */
export interface TakenMail {
  raw: string
  mail: Email
  from: string
  to: string[]
  /** Who signed in to send it. */
  by: string
}

/** A real mail server on a free port that can be told to misbehave. */
export class MailServer implements AsyncDisposable {
  mode: Mode | 'refuses sender' = 'normal'
  /** What was taken, oldest first; also where the sender never heard of it. */
  readonly taken: TakenMail[] = []
  /** Called when a sender gets so far; a server that is given a promise says nothing more until it is kept. */
  onStep: (step: SmtpStep) => unknown = () => {}
  readonly #server: SMTPServer
  readonly #tcp: Server
  #parsing = 0

  private constructor() {
    this.#server = new SMTPServer(this.#options())
    this.#server.on('error', () => {}) // a sender that goes away is one of the things to be tried
    // Of our own, to be able to drop the line at a moment of our choosing.
    this.#tcp = createServer((socket) => {
      socket.on('error', () => {})
      this.#server.connect(socket)
    })
  }

  static async start(): Promise<MailServer> {
    const server = new MailServer()
    await new Promise<void>((resolve) => server.#tcp.listen(0, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    return (this.#tcp.address() as AddressInfo).port
  }

  /** The MAIL_URL of this server. */
  get url(): string {
    return this.urlFor('user')
  }

  /** The MAIL_URL for someone of this name: it is noted with each mail. */
  urlFor(name: string): string {
    return `smtp://${name}:password@127.0.0.1:${this.port}?tls=required`
  }

  /** Resolves when nobody of this name is connected, and what they had sent is taken. */
  async left(name: string): Promise<void> {
    const isHere = () => [...this.#server.connections].some(({ session }) => session.user === name)
    while (isHere() || this.#parsing > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tcp.close()
    await new Promise<void>((resolve) => this.#server.close(resolve))
  }

  #options(): SMTPServerOptions {
    const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
    return {
      logger: false,
      disableReverseLookup: true,
      authOptional: true,
      closeTimeout: 100,
      onConnect: async (session, done) => {
        await this.onStep('connect')
        if (this.mode === 'refuses TLS') session.disabledCommands = ['STARTTLS']
        done(this.mode === '421' ? refusal(421, 'Too busy, try again later') : null)
      },
      onAuth: async ({ username, password }, _session, done) => {
        await this.onStep('auth')
        const isRight = password === 'password' && this.mode !== 'refuses auth'
        done(isRight ? null : refusal(535, '5.7.8 Authentication credentials invalid'), { user: username })
      },
      onMailFrom: async (_address, _session, done) => {
        await this.onStep('mail')
        done(this.mode === 'refuses sender' ? refusal(553, '5.7.1 Sender not verified') : null)
      },
      onRcptTo: async (_address, _session, done) => {
        await this.onStep('rcpt')
        if (this.mode === '450') done(refusal(450, '4.2.1 Greylisted, try again later'))
        else if (this.mode === '550') done(refusal(550, '5.1.1 No such user here'))
        else done()
      },
      onData: async (stream, session, done) => {
        await this.onStep('data')
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => void this.#take(Buffer.concat(chunks), session, () => done(null, 'OK: kept')))
      },
    }
  }

  async #take(bytes: Buffer, { envelope, user, id }: SMTPServerSession, accept: () => void): Promise<void> {
    const { mailFrom, rcptTo } = envelope
    this.#parsing++
    const mail = await PostalMime.parse(bytes)
    this.#parsing--
    this.taken.push({
      raw: bytes.toString('latin1'),
      mail,
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      by: user ?? '',
    })
    await this.onStep('taken')
    if (this.mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 200))
    if (this.mode === 'drops before the final 250') return this.#drop(id)
    accept()
    if (this.mode === 'drops after the final 250') setImmediate(() => this.#drop(id))
  }

  #drop(sessionId: string): void {
    for (const connection of this.#server.connections) {
      if (connection.session.id === sessionId) connection._socket.destroy()
    }
  }
}
