import { AskButton } from './ask-button.tsx'
import { ChatStatus } from './chat-status.tsx'
import { currentUser } from './session.ts'

export default async function Orders() {
  const { name } = await currentUser()
  return (
    <main>
      <h1>Hello {name}</h1>
      <p>
        Your order 1042 is on its way. <AskButton question="Where is my order 1042?" />
      </p>
      <ChatStatus />
    </main>
  )
}
