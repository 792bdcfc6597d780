'use client'

import { useSupportChat } from '@deskbell/react'

export function ChatStatus() {
  const { loading, connected, isOpen, unreadCount, messages } = useSupportChat()
  if (loading) return <p>Looking for your messages …</p>
  return (
    <dl>
      <dt>Connected</dt>
      <dd>{connected ? 'yes' : 'no'}</dd>
      <dt>Open</dt>
      <dd>{isOpen ? 'yes' : 'no'}</dd>
      <dt>Messages</dt>
      <dd>{messages.length}</dd>
      <dt>Unread</dt>
      <dd>{unreadCount}</dd>
    </dl>
  )
}
