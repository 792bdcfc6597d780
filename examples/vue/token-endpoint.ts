import { SignJWT } from 'jose'
import type { Connect, Plugin } from 'vite'

/** The part of this app that has a server: it says who is signed in, which here is always Alice. */
export function tokenEndpoint(): Plugin {
  const answer: Connect.NextHandleFunction = async (_request, response) => {
    response.setHeader('cache-control', 'no-store')
    response.end(await supportToken({ id: 'alice', email: 'alice@example.com', name: 'Alice' }))
  }
  return {
    name: 'support-token',
    configureServer: ({ middlewares }) => void middlewares.use('/support-token', answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use('/support-token', answer),
  }
}

/** Tells the desk who is calling. The widget asks for another one before it expires. */
async function supportToken({ id, email, name }: { id: string; email: string; name: string }) {
  return await new SignJWT({ email, name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setExpirationTime('15m')
    .sign(new TextEncoder().encode(process.env.DESKBELL_SECRET))
}
