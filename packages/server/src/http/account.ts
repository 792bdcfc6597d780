import { DeskbellError, MAX_NAME_LENGTH } from '@deskbell/protocol'
import * as z from 'zod'
import { type Admins, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../identity/admins.ts'
import type { Caller } from '../identity/caller.ts'
import { isStorable } from '../identity/person.ts'
import { profileOf } from './profile.ts'
import { cookieHeaders, json, noContent, type Route, route } from './route.ts'
import { adminProfile } from './shapes.ts'

const nameBody = z.strictObject({ name: z.string().trim().min(1).max(MAX_NAME_LENGTH).refine(isStorable) })
const passwordBody = z.strictObject({
  current_password: z.string().min(1).max(1000),
  new_password: z.string().min(MIN_PASSWORD_LENGTH).max(MAX_PASSWORD_LENGTH),
})

/** What an admin of the standalone dashboard does with their own account. */
export function accountRoutes(admins: Promise<Admins>): Route[] {
  return [
    route({
      method: 'patch',
      path: '/admin/account',
      access: 'admin',
      summary: 'Changes the name under which the calling admin answers from now on',
      body: nameBody,
      answers: { 200: { description: 'The admin', schema: adminProfile } },
      async handle({ caller, request, body: { name } }) {
        requireAccount(caller)
        const cookies = await (await admins).rename(request.headers, name)
        return json(profileOf({ ...caller, name }), 200, cookieHeaders(cookies))
      },
    }),

    route({
      method: 'post',
      path: '/admin/account/password',
      access: 'admin',
      summary: 'Changes the password of the calling admin; every other session of theirs ends',
      body: passwordBody,
      answers: { 204: { description: 'The new password counts' } },
      async handle({ caller, request, body: { current_password, new_password } }) {
        requireAccount(caller)
        await (await admins).changePassword(caller, request.headers, {
          current: current_password,
          replacement: new_password,
        })
        return noContent()
      },
    }),

    route({
      method: 'delete',
      path: '/admin/account/sessions',
      access: 'admin',
      summary: 'Signs the calling admin out everywhere, here as well',
      answers: { 204: { description: 'There is no session any more' } },
      async handle({ caller, request }) {
        requireAccount(caller)
        return noContent(cookieHeaders(await (await admins).signOutEverywhere(caller, request.headers)))
      },
    }),
  ]
}

function requireAccount({ session }: Caller): void {
  if (session === null) throw new DeskbellError('forbidden', 'The host app keeps the account of this admin.')
}
