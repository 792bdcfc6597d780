import { DeskbellChat } from './deskbell-chat.ts'
import { createFacade, type Deskbell } from './facade.ts'
import { settingsFrom } from './settings.ts'

declare global {
  interface Window {
    Deskbell?: Deskbell
  }
}

// Loaded twice, the first one stays.
if (!window.Deskbell) {
  customElements.define('deskbell-chat', DeskbellChat)
  window.Deskbell = createFacade()
  if (document.currentScript) window.Deskbell.init(settingsFrom(document.currentScript.dataset))
}
