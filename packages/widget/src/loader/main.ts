import { DeskbellChat, DeskbellPanel, type QueuedCall, script } from './chat-element.ts'
import { isOtherCaller, settingsFrom } from './settings.ts'

declare global {
  interface Window {
    /** The page's `<deskbell-chat>`; before the script is there, an array of calls that wait for it. */
    Deskbell?: DeskbellChat | QueuedCall[]
  }
}

const known = window.Deskbell
const settings = settingsFrom(script?.dataset ?? { manual: '' })
const isManual = 'manual' in settings

if (known && !Array.isArray(known)) {
  // Loaded twice, the first one stays; one that was destroyed comes back.
  if (!isManual && !known.isConnected) known.init(settings)
} else {
  customElements.define('deskbell-chat', DeskbellChat)
  customElements.define('deskbell-panel', DeskbellPanel)
  const own = document.querySelector<DeskbellChat>('deskbell-chat')
  // The page's own, unless that is for someone else.
  const chat = own && !isOtherCaller(own.settings, settings) ? own : new DeskbellChat()
  window.Deskbell = chat
  if (!isManual) chat.init(settings)
  chat.push(...(known ?? []))
}
