import { useEffect, useState } from 'react'
import { useDesk, useStatus } from '../desk/desk.ts'
import { Icon } from '../icons.tsx'
import { useWords } from '../words/words.ts'

// A connection that is back before anyone notices is not worth a word.
const PATIENCE_MS = 1_000

/** Says that the connection is lost, for as long as it is. */
export function Banner() {
  const words = useWords().banner
  const { connection } = useDesk()
  const status = useStatus(connection)
  const isReached = status === 'online' || status === 'polling'
  const [isLost, setLost] = useState(false)
  useEffect(() => {
    if (isReached) return setLost(false)
    const timer = setTimeout(() => setLost(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isReached])

  return (
    <div role="alert">
      {isLost && (
        <div className="flex min-h-9 items-center justify-center gap-2 bg-amber-soft px-4 py-1 text-sm text-amber">
          <Icon name="warning" className="size-4" />
          <span>{words.lost}</span>
          <button
            type="button"
            className="rounded px-1.5 py-1 font-semibold underline underline-offset-2 pointer-coarse:py-3"
            onClick={() => connection.wake()}
          >
            {words.tryNow}
          </button>
        </div>
      )}
    </div>
  )
}
