import { SupportChatPanel } from '@deskbell/react'

export default function Help() {
  return (
    <main>
      <h1>Help</h1>
      <SupportChatPanel className="panel" />
    </main>
  )
}
