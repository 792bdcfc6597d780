import { createHmac } from 'node:crypto'
import { Agent, get } from 'node:http'
import type { Part } from './dialects.ts'

/** How callers prove who they are: by the host's signed token, or (the peers) by their bare name. */
export type Credentials = { secret: string } | 'name'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A host's HS256 token, as SPEC section 6 wants it. */
function signToken(secret: string, claims: object): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

export function adminPart(credentials: Credentials, number: number): Part {
  return { role: 'admin', token: tokenFor(credentials, `admin-${number}`, { role: 'admin' }) }
}

/** Opens the chats of `count` users, numbered from `first`, before anything is measured. */
export async function openChats(
  port: number,
  credentials: Credentials,
  first: number,
  count: number,
): Promise<Part[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const parts: Part[] = []
  const open = async (number: number) => {
    const token = tokenFor(credentials, `user-${number}`, {})
    parts.push({ role: 'user', token, chatId: await chatIdOf(port, agent, token) })
  }
  let next = first
  const lane = async () => {
    while (next < first + count) await open(next++)
  }
  await Promise.all(Array.from({ length: 32 }, lane))
  agent.destroy()
  return parts
}

/** What the caller of this name presents. */
export function tokenFor(credentials: Credentials, name: string, more: object): string {
  if (credentials === 'name') return name
  const exp = Math.floor(Date.now() / 1000) + 3_600
  return signToken(credentials.secret, { sub: name, email: `${name}@example.com`, name, exp, ...more })
}

function chatIdOf(port: number, agent: Agent, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const request = get(
      { port, host: '127.0.0.1', path: '/api/support_chat', agent, headers },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
        })
        response.on('end', () => {
          if (response.statusCode !== 200)
            reject(new Error(`GET /api/support_chat: ${response.statusCode} ${body}`))
          else resolve((JSON.parse(body) as { id: string }).id)
        })
      },
    )
    request.on('error', reject)
  })
}
