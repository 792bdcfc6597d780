import type { AdminProfile } from '@deskbell/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { DeskContext, useOpenDesk } from './desk/desk.ts'
import { Waiting } from './notice.tsx'
import { createDashboardRouter } from './routes.tsx'
import { ToastProvider } from './toasts/toasts.tsx'

/** The desk of one admin, from sign-in to sign-out. */
export function SignedIn({ me }: { me: AdminProfile }) {
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
