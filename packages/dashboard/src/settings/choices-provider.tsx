import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { preferred, speak } from '../words/language.ts'
import { loadWords, type Words, WordsContext } from '../words/words.ts'
import { type Choices, ChoicesContext, type Choosing, keepChoice, keptChoices } from './choices.ts'
import { wear } from './theme.ts'

interface ChoicesProviderProps {
  /** The words of the kept choice: nobody is to see another language first. */
  words: Words
  children: ReactNode
}

/** Applies what the admin chose, here and in every other window of the browser. */
export function ChoicesProvider({ words: firstWords, children }: ChoicesProviderProps) {
  const [choices, setChoices] = useState(keptChoices)
  const [words, setWords] = useState(firstWords)
  const { theme, language } = choices

  useEffect(() => {
    // Told to the other windows of this browser only.
    const follow = () => setChoices(keptChoices())
    window.addEventListener('storage', follow)
    return () => window.removeEventListener('storage', follow)
  }, [])
  useEffect(() => wear(theme), [theme])
  useEffect(() => {
    let isWanted = true
    void loadWords(preferred(language)).then((loaded) => {
      if (isWanted) setWords((current) => (current.locale === loaded.locale ? current : loaded))
    })
    return () => {
      isWanted = false
    }
  }, [language])
  useEffect(() => speak(words), [words])

  const choosing = useMemo<Choosing>(
    () => ({
      choices,
      choose(name, choice) {
        keepChoice(name, choice)
        setChoices((current): Choices => ({ ...current, [name]: choice }))
      },
    }),
    [choices],
  )
  return (
    <ChoicesContext value={choosing}>
      <WordsContext value={words}>{children}</WordsContext>
    </ChoicesContext>
  )
}
