'use server'

import { SignJWT } from 'jose'
import { currentUser } from './session.ts'

/** Tells the desk who is calling. The widget asks for another one before it expires. */
export async function supportToken(): Promise<string> {
  const { id, email, name } = await currentUser()
  return new SignJWT({ email, name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setExpirationTime('15m')
    .sign(new TextEncoder().encode(process.env.DESKBELL_SECRET))
}
