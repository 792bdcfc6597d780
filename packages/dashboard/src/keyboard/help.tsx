import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { CloseButton } from '../overlays/close-button.tsx'
import { backdrop, centred } from '../overlays/looks.ts'
import { useWords } from '../words/words.ts'

/** The shortcuts, while `?` asks for them. */
export function Help({ close }: { close: () => void }) {
  const words = useWords().keys
  const rows: [string, string[]][] = [
    [words.next, ['j', '↓']],
    [words.previous, ['k', '↑']],
    [words.enter, ['Enter']],
    [words.archive, ['e']],
    [words.restore, ['u']],
    [words.reply, ['r']],
    [words.search, ['/']],
    [words.send, ['Enter']],
    [words.newLine, ['Shift+Enter']],
    [words.help, ['?']],
  ]
  return (
    <Dialog.Root defaultOpen onOpenChange={(isOpen) => isOpen || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={centred}>
          <div className="flex items-center justify-between">
            <Dialog.Title className="text-lg font-semibold">{words.heading}</Dialog.Title>
            <CloseButton label={words.close} />
          </div>
          <dl className="mt-3 divide-y divide-line">
            {rows.map(([label, keys]) => (
              <div key={label} className="flex items-center justify-between gap-4 py-2">
                <dt>{label}</dt>
                <dd className="flex items-center gap-1.5 text-sm text-muted">
                  {keys.map((key, index) => (
                    <KeyName key={key} before={index > 0 ? words.or : null}>
                      {key}
                    </KeyName>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function KeyName({ before, children }: { before: string | null; children: ReactNode }) {
  return (
    <>
      {before}
      <kbd className="min-w-6 rounded-md border border-line-strong bg-canvas px-1.5 py-0.5 text-center font-sans text-xs text-ink">
        {children}
      </kbd>
    </>
  )
}
