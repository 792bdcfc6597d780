import { SupportChat, SupportChatProvider } from '@deskbell/react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { currentUser } from './session.ts'
import { supportToken } from './support-token.ts'
import './style.css'

export const metadata = { title: 'Fern & Fold' }

export default async function Layout({ children }: { children: ReactNode }) {
  const user = await currentUser()
  return (
    <html lang="en">
      <body>
        <SupportChatProvider
          key={user.id}
          desk={process.env.DESK_URL ?? 'http://localhost:4000'}
          token={supportToken}
          appName="Fern & Fold"
        >
          <nav>
            <Link href="/">Orders</Link>
            <Link href="/help">Help</Link>
          </nav>
          {children}
          <SupportChat />
        </SupportChatProvider>
      </body>
    </html>
  )
}
