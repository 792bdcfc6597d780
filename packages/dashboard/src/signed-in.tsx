import { useQueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { DeskContext, useOpenDesk } from './desk/desk.ts'
import { Waiting } from './notice.tsx'
import { createDashboardRouter } from './routes.tsx'
import type { Admin } from './session/session.ts'
import { ToastProvider } from './toasts/toasts.tsx'

/** The desk of one admin, from sign-in to sign-out. */
export function SignedIn({ me }: { me: Admin }) {
  const desk = useOpenDesk(me, useQueryClient())
  const [router] = useState(createDashboardRouter)
  if (!desk) return <Waiting />
  return (
    <DeskContext value={desk}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </DeskContext>
  )
}
