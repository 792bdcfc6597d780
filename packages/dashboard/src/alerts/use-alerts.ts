import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { InboxRow } from '../inbox/rows.ts'
import { useChoices } from '../settings/choices.ts'
import { useWords } from '../words/words.ts'
import { Arrivals } from './arrivals.ts'
import { Bell } from './bell.ts'
import { Desktop, desktopState } from './desktop.ts'
import { holdLock } from './locks.ts'
import { isInSight, useInSight } from './sight.ts'

interface Alertable {
  rows: readonly InboxRow[]
  isReady: boolean
  openId: string | undefined
  open(chatId: string): void
}

// Whoever comes back after an outage is not to be buried.
const AT_MOST = 3

/** Tells of messages in chats that nobody looks at, by sound and on the desktop, as the admin chose. */
export function useAlerts({ rows, isReady, openId, open }: Alertable): void {
  const words = useWords()
  const { choices } = useChoices()
  const [arrivals] = useState(() => new Arrivals())
  const [desktop] = useState(() => new Desktop())
  const bell = useBell(choices.sound === 'on')
  const isFirst = useIsFirstWindow()
  useInSight(openId)

  const tell = useEffectEvent(async (row: InboxRow) => {
    if (!isFirst.current || (await isInSight(row.id))) return
    bell.ring(Date.now())
    if (choices.alerts === 'off' || desktopState() !== 'granted') return
    const title = row.name ?? row.email ?? words.list.visitor
    desktop.show({ chatId: row.id, title, body: row.preview ?? '' }, open)
  })

  useEffect(() => {
    if (!isReady) return
    for (const row of arrivals.among(rows).slice(0, AT_MOST)) void tell(row)
    const unread = new Set(rows.flatMap((row) => (row.isUnread ? [row.id] : [])))
    for (const chatId of desktop.chats) if (!unread.has(chatId)) desktop.withdraw(chatId)
  }, [rows, isReady, arrivals, desktop])
}

/** Of all windows of a browser one alerts; when it is closed, the next one does. */
function useIsFirstWindow() {
  const isFirst = useRef(false)
  useEffect(
    () =>
      holdLock('deskbell:alerts', 'exclusive', () => {
        isFirst.current = true
      }),
    [],
  )
  return isFirst
}

function useBell(isOn: boolean): Pick<Bell, 'ring'> {
  const [bell] = useState(() => new Bell())
  useEffect(() => {
    if (!isOn) return
    const allow = () => bell.allow()
    for (const gesture of ['pointerdown', 'keydown']) window.addEventListener(gesture, allow)
    return () => {
      for (const gesture of ['pointerdown', 'keydown']) window.removeEventListener(gesture, allow)
      bell.close()
    }
  }, [isOn, bell])
  return bell
}
