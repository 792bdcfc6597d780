import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createQueries } from './desk/queries.ts'
import { askForFirstChats } from './inbox/chats.ts'
import { me } from './session/session.ts'
import { keptChoices } from './settings/choices.ts'
import { ChoicesProvider } from './settings/choices-provider.tsx'
import { wear } from './settings/theme.ts'
import './styles.css'
import { preferred, speak } from './words/language.ts'
import { loadWords } from './words/words.ts'

const queries = createQueries()
// Under way while the page is still being drawn: whoever comes is nearly always signed in.
void queries.prefetchQuery(me)
askForFirstChats(queries)

const { theme, language } = keptChoices()
wear(theme)
const words = await loadWords(preferred(language))
speak(words)
document.title = words.title

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')
createRoot(root).render(
  <StrictMode>
    <ChoicesProvider words={words}>
      <App queries={queries} />
    </ChoicesProvider>
  </StrictMode>,
)
