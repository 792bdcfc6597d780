import { DeskbellChat, DeskbellPanel, type QueuedCall, script } from './chat-element.ts'
import { settingsFrom } from './settings.ts'

declare global {
  interface Window {
    /** The page's `<deskbell-chat>`; before the script is there, an array of calls that wait for it. */
    Deskbell?: DeskbellChat | QueuedCall[]
  }
}

const queue = window.Deskbell
// Loaded twice, the first one stays.
if (!queue || Array.isArray(queue)) {
  customElements.define('deskbell-chat', DeskbellChat)
  customElements.define('deskbell-panel', DeskbellPanel)
  const chat = document.querySelector<DeskbellChat>('deskbell-chat') ?? new DeskbellChat()
  window.Deskbell = chat
  if (script && !('manual' in script.dataset)) chat.init(settingsFrom(script.dataset))
  for (const call of queue ?? []) chat.push(call)
}
