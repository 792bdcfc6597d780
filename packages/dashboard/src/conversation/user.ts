import type { EraseUser, SupportUser, SupportUserExport } from '@deskbell/protocol'
import { API, call } from '../desk/call.ts'

const pathOf = ({ id }: SupportUser): string => `${API}/admin/users/${encodeURIComponent(id)}`

/** Saves all that is kept on a user as a file. */
export async function exportUser(user: SupportUser): Promise<void> {
  const kept = await call<SupportUserExport>(`${pathOf(user)}/export`)
  const file = new Blob([JSON.stringify(kept, null, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${user.external_id.replaceAll(/[^\w.-]+/g, '-')}.json`
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Sends e-mails to the user's address again, though it refused one. */
export async function allowMail(user: SupportUser): Promise<void> {
  await call(`${pathOf(user)}/allow_mail`, { method: 'POST' })
}

/** What has to be typed before a user is erased. */
export const confirmationOf = (user: SupportUser): string => user.email ?? user.external_id

/** Removes a user with their chat, for ever. */
export async function eraseUser(user: SupportUser): Promise<void> {
  const body: EraseUser = { confirm: confirmationOf(user) }
  await call(pathOf(user), { method: 'DELETE', body })
}
