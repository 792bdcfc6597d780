import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from '../icons.tsx'
import { useWords } from '../words/words.ts'

/** A short word about what just happened, with the one thing that can be done about it. */
export interface Toast {
  text: string
  tone: 'done' | 'failed'
  action?: { label: string; run: () => void }
}

interface ShownToast extends Toast {
  id: number
}

// An undo has to be reachable without haste; a failure stays until it is read.
const SHOWN_MS = 8_000

const ToastContext = createContext<((toast: Toast) => void) | null>(null)

export function useToast(): (toast: Toast) => void {
  const show = use(ToastContext)
  if (!show) throw new Error('Nothing shows toasts here.')
  return show
}

/** Shows the latest toast only: two at once would have two buttons of the same name. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const words = useWords().toasts
  const [toast, setToast] = useState<ShownToast | null>(null)
  const nextId = useRef(0)
  const show = useCallback((next: Toast) => setToast({ ...next, id: nextId.current++ }), [])
  const dismiss = useMemo(() => () => setToast(null), [])
  return (
    <ToastContext value={show}>
      {children}
      <section
        aria-label={words.label}
        aria-live="polite"
        className="pointer-events-none fixed inset-x-0 bottom-24 z-30 flex justify-center px-4 lg:bottom-14 lg:w-90 lg:px-3"
      >
        {toast && <ToastCard key={toast.id} toast={toast} dismiss={dismiss} />}
      </section>
    </ToastContext>
  )
}

function ToastCard({ toast, dismiss }: { toast: ShownToast; dismiss: () => void }) {
  const words = useWords().toasts
  const [isHeld, setHeld] = useState(false)
  const { text, tone, action } = toast
  useEffect(() => {
    if (isHeld || tone === 'failed') return
    const timer = setTimeout(dismiss, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isHeld, tone, dismiss])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing to operate; being looked at only keeps it up
    <div
      className="rise pointer-events-auto flex max-w-full items-center gap-1 rounded-xl bg-ink py-1 ps-4 pe-1 text-canvas shadow-[0_8px_30px_-6px_#00000059]"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {tone === 'failed' && <Icon name="warning" className="me-1 size-5" />}
      <span className="py-2 pe-2">{text}</span>
      {action && (
        <button
          type="button"
          className="pressable h-9 rounded-lg px-3 font-semibold underline decoration-1 underline-offset-3 hover:bg-canvas/15 focus-visible:outline-canvas pointer-coarse:h-11"
          onClick={() => {
            dismiss()
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={words.dismiss}
        className="pressable grid size-9 place-items-center rounded-lg hover:bg-canvas/15 focus-visible:outline-canvas pointer-coarse:size-11"
        onClick={dismiss}
      >
        <Icon name="close" className="size-4" />
      </button>
    </div>
  )
}
