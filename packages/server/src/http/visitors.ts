import { DeskbellError } from '@deskbell/protocol'
import type { Core } from '../core.ts'
import { json, type Route, route } from './route.ts'
import { visitorToken } from './shapes.ts'

/** How someone who is not signed in gets an identity. */
export function visitorRoutes({ identity }: Core): Route[] {
  return [
    route({
      method: 'post',
      path: '/visitors',
      access: 'anyone',
      summary: 'A token for an anonymous visitor; nothing is stored',
      answers: { 201: { description: 'The token', schema: visitorToken } },
      async handle() {
        if (identity.visitors === null) throw new DeskbellError('forbidden', 'Visitors are not allowed here.')
        return json({ token: await identity.visitors.mint() }, 201)
      },
    }),
  ]
}
