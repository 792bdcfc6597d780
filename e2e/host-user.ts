import { createHmac } from 'node:crypto'
import type { DemoDesk } from './demo-desk.ts'

export const DESKBELL_SECRET = 'known to the host app and to its desk'

/** What a host app says of someone. */
export interface Claims {
  sub: string
  email: string
  name: string
  traits?: Record<string, string | number | boolean>
}

/** A user whose app talks to the desk by itself: no page, no widget. */
export class HostUser {
  readonly #desk: DemoDesk
  readonly #token: string
  chatId = ''

  private constructor(desk: DemoDesk, claims: Claims) {
    this.#desk = desk
    this.#token = signed({ ...claims, exp: Math.floor(Date.now() / 1000) + 3600 })
  }

  /** The desk has to know `DESKBELL_SECRET`. */
  static async writes(desk: DemoDesk, claims: Claims, ...texts: string[]): Promise<HostUser> {
    const user = new HostUser(desk, claims)
    const chat = await user.#call<{ id: string }>('GET', '')
    user.chatId = chat.id
    for (const text of texts) await user.say(text)
    return user
  }

  async say(content: string): Promise<void> {
    await this.#call('POST', '/messages', { content })
  }

  async read(): Promise<void> {
    await this.#call('PATCH', '/mark_read', {})
  }

  async unsubscribe(): Promise<void> {
    await this.#call('PATCH', '/notifications', { email: false })
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.#desk.url}/api/support_chat${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }
}

function signed(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${body}.${createHmac('sha256', DESKBELL_SECRET).update(body).digest('base64url')}`
}
