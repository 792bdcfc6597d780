import { DeskbellError, type EraseUser, type SupportUser } from '@deskbell/protocol'
import * as z from 'zod'
import { erase } from '../chats/erase.ts'
import type { Core } from '../core.ts'
import { allowAgain } from '../notifications/suppressions.ts'
import { exportUser } from '../users/export.ts'
import { findUser } from '../users/user.ts'
import { noContent, type Route, route } from './route.ts'
import { supportUserExport } from './shapes.ts'

/** An address or an id, and some white space. */
const MAX_CONFIRM_LENGTH = 300

const eraseBody = z.strictObject({
  confirm: z.string().max(MAX_CONFIRM_LENGTH),
}) satisfies z.ZodType<EraseUser>

/** What a user may ask the support team for: what is kept on them, and that it goes. */
export function adminUserRoutes(core: Core): Route[] {
  const { store, clock } = core
  return [
    route({
      method: 'get',
      path: '/admin/users/:id/export',
      access: 'admin',
      summary: 'Everything that is kept on a user, as a file',
      answers: { 200: { description: 'User, chat, all messages and e-mails', schema: supportUserExport } },
      async handle({ params }) {
        const user = await findUser(store, params.id ?? '')
        const exportedAt = new Date(clock.now()).toISOString()
        return new Response(bodyOf(exportUser(store, user, exportedAt)), {
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'content-disposition': `attachment; filename="deskbell-user-${user.id}.json"`,
          },
        })
      },
    }),

    route({
      method: 'post',
      path: '/admin/users/:id/allow_mail',
      access: 'admin',
      summary: 'Sends e-mails to the address of a user again, though it refused one',
      answers: { 204: { description: 'Nothing keeps e-mails from the address' } },
      async handle({ params }) {
        const { email } = await findUser(store, params.id ?? '')
        if (email !== null) await allowAgain(core, email)
        return noContent()
      },
    }),

    route({
      method: 'delete',
      path: '/admin/users/:id',
      access: 'admin',
      summary: 'Erases a user with their chat, for ever; the address or id of the user is to be typed again',
      body: eraseBody,
      answers: { 204: { description: 'The user is erased' } },
      async handle({ params, body }) {
        const user = await findUser(store, params.id ?? '')
        if (!isConfirmed(user, body.confirm)) throw unconfirmed()
        if (!(await erase(core, user.external_id)))
          throw new DeskbellError('not_found', 'There is no such user.')
        return noContent()
      },
    }),
  ]
}

/** Pieces as a body; each is made when the one before it has been taken. */
function bodyOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

function isConfirmed({ email, external_id }: SupportUser, typed: string): boolean {
  const given = typed.trim()
  return given === external_id || (email !== null && given.toLowerCase() === email.toLowerCase())
}

function unconfirmed(): DeskbellError {
  return new DeskbellError('invalid', 'confirm must be the e-mail address or the id of this user.')
}
