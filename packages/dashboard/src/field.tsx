import { type InputHTMLAttributes, type Ref, useId } from 'react'

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  hint?: string
  ref?: Ref<HTMLInputElement>
}

/** A field of a form, with its name above it. */
export function Field({ label, hint, ref, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium [overflow-wrap:anywhere]">
        {label}
      </label>
      <input
        id={id}
        ref={ref}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={hint && `${id}hint`}
        className="h-11 w-full rounded-lg border border-line-strong bg-canvas px-3 text-[1rem] text-ink outline-offset-0"
        {...input}
      />
      {hint && (
        <p id={`${id}hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}

/** What is wrong with what was filled in, said when it is known. */
export function Trouble({ text }: { text: string | null }) {
  return (
    <div role="alert" className="mt-3 empty:mt-0">
      {text !== null && <p className="rounded-lg bg-red-soft px-3 py-2 text-red">{text}</p>}
    </div>
  )
}
