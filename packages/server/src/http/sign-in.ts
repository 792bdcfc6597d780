import { DeskbellError, MAX_EMAIL_LENGTH } from '@deskbell/protocol'
import * as z from 'zod'
import type { Core } from '../core.ts'
import type { Admins, Session } from '../identity/admins.ts'
import { cookiesCount, isAllowedOrigin } from '../identity/origin.ts'
import { cookieHeaders, json, noContent, type Route, route } from './route.ts'
import { adminSession } from './shapes.ts'

const credentials = z.strictObject({
  email: z.string().min(1).max(MAX_EMAIL_LENGTH),
  password: z.string().min(1).max(1000),
})

/** The sign-in of the standalone dashboard. */
export function signInRoutes({ identity }: Core, admins: Promise<Admins>): Route[] {
  return [
    route({
      method: 'post',
      path: '/auth/sign-in/email',
      access: 'anyone',
      summary: 'Signs an admin in; the session comes as a cookie',
      body: credentials,
      answers: { 200: { description: 'The session', schema: adminSession } },
      async handle({ request, body, address }) {
        const origin = request.headers.get('origin')
        if (origin !== null && !isAllowedOrigin(origin, request, identity.origins)) throw foreignPage()
        const userAgent = request.headers.get('user-agent')
        return sessionAnswer(await (await admins).signIn(body, { address, userAgent }))
      },
    }),

    route({
      method: 'post',
      path: '/auth/sign-out',
      access: 'anyone',
      summary: 'Ends the session and closes what hangs on it',
      answers: { 204: { description: 'There is no session any more' } },
      async handle({ request }) {
        if (!cookiesCount(request, identity.origins)) throw foreignPage()
        return noContent(cookieHeaders(await (await admins).signOut(request.headers)))
      },
    }),

    route({
      method: 'get',
      path: '/auth/get-session',
      access: 'anyone',
      summary: 'The session of the cookie, or null',
      answers: { 200: { description: 'The session', schema: adminSession.nullable() } },
      async handle({ request }) {
        if (!cookiesCount(request, identity.origins)) return json(null, 200)
        const session = await (await admins).session(request.headers)
        return session === null ? json(null, 200) : sessionAnswer(session)
      },
    }),
  ]
}

function sessionAnswer({ admin, expiresAt, cookies }: Session): Response {
  const session = { expires_at: expiresAt.toISOString() }
  return json({ user: admin, session }, 200, cookieHeaders(cookies))
}

function foreignPage(): DeskbellError {
  return new DeskbellError('forbidden', 'This page is not allowed to sign people in or out.')
}
