import { useWords } from '../words/words.ts'

const SHAPES = ['w-3/5', 'w-2/5', 'ms-auto w-1/2', 'ms-auto w-1/3', 'w-1/2', 'ms-auto w-2/5']

/** Where the messages will be. */
export function LoadingMessages() {
  const { chat } = useWords()
  return (
    <div
      aria-busy="true"
      className="flex min-h-0 flex-1 flex-col justify-end gap-3 overflow-hidden px-5 pb-24"
    >
      <span className="sr-only">{chat.loading}</span>
      {SHAPES.map((shape) => (
        <span key={shape} className={`shimmer h-10 rounded-2xl bg-bubble ${shape}`} />
      ))}
    </div>
  )
}
