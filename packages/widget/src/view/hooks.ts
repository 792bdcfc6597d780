import { slot } from './drawn.ts'
import type { Ref } from './node.ts'

type Inputs = readonly unknown[]

/** A value of the component's own, and how to change it, with a new value or a function of the one before. */
export function useState<Value>(
  first: Value | (() => Value),
): [Value, (next: Value | ((before: Value) => Value)) => void] {
  const kept = slot((view) => ({
    value: first instanceof Function ? first() : first,
    set(next: Value | ((before: Value) => Value)) {
      const value = next instanceof Function ? next(kept.value) : next
      if (value === kept.value) return
      kept.value = value
      view.redraw()
    },
  }))
  return [kept.value, kept.set]
}

/** Something that may change without anything being drawn. */
export function useRef<Value>(first: Value): Ref<Value> {
  return slot(() => ({ current: first }))
}

/** Makes it anew only when one of its inputs has changed. */
export function useMemo<Value>(make: () => Value, inputs: Inputs): Value {
  const kept = slot(() => ({ value: make(), inputs }))
  if (!isSame(kept.inputs, inputs)) Object.assign(kept, { value: make(), inputs })
  return kept.value
}

/**
 * Acts once everything has its place, children first, and again whenever one of the inputs has changed, without inputs
 * each time. What it returns undoes it.
 */
export function useEffect(act: () => (() => void) | undefined, inputs: Inputs | null): void {
  const kept = slot(() => ({
    inputs: null as Inputs | null,
    due: null as (() => void) | null,
    undo: null as (() => void) | null,
  }))
  if (isSame(kept.inputs, inputs)) return
  kept.inputs = inputs
  kept.due = () => {
    kept.due = null
    kept.undo?.()
    kept.undo = act() ?? null
  }
}

const isSame = (before: Inputs | null, now: Inputs | null) =>
  now !== null && before !== null && now.every((input, index) => input === before[index])
