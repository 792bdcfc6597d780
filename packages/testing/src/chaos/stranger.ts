import { setTimeout as delay } from 'node:timers/promises'
import { CableClient } from '../cable-client.ts'
import { tokenOf } from '../desk-process.ts'
import type { Scene } from './person.ts'

const LOOK_MS = 500
const LISTEN_MS = 300

/** Someone who tries, again and again, to listen to a chat of somebody else and to what admins are told. */
export async function eavesdrop(scene: Scene, chatId: string, over: AbortSignal): Promise<void> {
  const { balancer, history } = scene
  const wanted = [{ channel: 'SupportChatChannel', chat_id: chatId }, { channel: 'AdminNotificationChannel' }]
  while (!over.aborted) {
    const cable = new CableClient(`${balancer.cableUrl}?token=${tokenOf('mallory')}`)
    cable.socket.on('open', () => {
      for (const params of wanted) cable.send({ command: 'subscribe', identifier: JSON.stringify(params) })
    })
    await delay(LISTEN_MS)
    const heard = cable.talk.filter(({ type }) => type === undefined || type === 'confirm_subscription')
    history.overheard.push(...heard)
    cable.socket.terminate()
    const headers = { authorization: `Bearer ${tokenOf('mallory')}` }
    const path = `/api/admin/chats/${chatId}`
    const answer = await fetch(balancer.url + path, { headers, signal: AbortSignal.timeout(2_000) }).catch(
      () => null,
    )
    if (answer?.ok) history.overheard.push({ path, answer: await answer.text().catch(() => '') })
    await delay(LOOK_MS, undefined, { signal: over }).catch(() => {})
  }
}
