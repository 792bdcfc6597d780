import { Dialog } from '@base-ui/react/dialog'
import { Icon } from '../icons.tsx'

/** The cross in the corner of a dialog. */
export function CloseButton({ label }: { label: string }) {
  return (
    <Dialog.Close
      aria-label={label}
      className="pressable -me-2 grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
    >
      <Icon name="close" />
    </Dialog.Close>
  )
}
