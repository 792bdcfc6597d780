import type { AdminProfile, ChangeName, ChangePassword } from '@deskbell/protocol'
import { API, call } from '../desk/call.ts'

export async function changeName(change: ChangeName): Promise<AdminProfile> {
  return await call(`${API}/admin/account`, { method: 'PATCH', body: change })
}

/** Ends every other session. Throws `invalid` for a wrong current password. */
export async function changePassword(change: ChangePassword): Promise<void> {
  await call(`${API}/admin/account/password`, { method: 'POST', body: change })
}

/** Ends every session of the admin, this one included. */
export async function signOutEverywhere(): Promise<void> {
  await call(`${API}/admin/account/sessions`, { method: 'DELETE' })
}
