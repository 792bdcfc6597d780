import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './styles.css'
import { keptTheme, wear } from './theme/theme.ts'
import { loadWords, WordsContext } from './words/words.ts'

wear(keptTheme())
const words = await loadWords(navigator.languages)
document.documentElement.lang = words.locale
document.documentElement.dir = words.direction
document.title = words.title

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')
createRoot(root).render(
  <StrictMode>
    <WordsContext value={words}>
      <App />
    </WordsContext>
  </StrictMode>,
)
