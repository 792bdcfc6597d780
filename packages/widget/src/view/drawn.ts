import type { Child, Component, Key, Properties, Ref, VNode } from './node.ts'
import type { View } from './view.ts'

/** What a hook keeps from one drawing to the next. */
interface Slot {
  /** An effect that waits for everything to have its place. */
  readonly due?: (() => void) | null
  /** Undoes the effect before. */
  readonly undo?: (() => void) | null
}

/** Something that has been drawn, and can be drawn again as something of the same type. */
export interface Drawn {
  readonly view: View
  readonly type: unknown
  readonly key: Key | undefined
  /** Null where only the children are seen. */
  readonly dom: Element | Text | null
  props: Properties
  children: readonly Drawn[]
  /** Those of a component. */
  readonly slots: Slot[]
  /** Nothing in it has a hook: it looks as its properties say, and the same for the same ones. */
  isStill: boolean
}

const SVG = 'http://www.w3.org/2000/svg'

/** The component that is being drawn, and how often it has asked for a slot: no two are drawn at a time. */
let current: Drawn
let asked = 0

/** A slot of the component that is being drawn, which it gets again at its next drawing. */
export function slot<Kept extends object>(begin: (view: View) => Kept): Kept {
  const { slots, view } = current
  slots[asked] ??= begin(view)
  return slots[asked++] as Kept // a component uses its hooks in the same order each time
}

/** Draws children in place of those that were there, which are kept, moved or removed. */
export function drawAll(
  children: readonly Child[],
  before: readonly Drawn[],
  parent: Element,
  view: View,
): Drawn[] {
  const left = before.length
    ? new Map(before.map((drawn, index) => [placeOf(drawn.key, index), drawn]))
    : null
  const drawn = children.map((child, index) => {
    const node = nodeOf(child)
    const place = placeOf(node.key, index)
    const known = left?.get(place)
    if (!known || known.type !== node.type) return draw(begin(node, parent, view), node.props, parent)
    left?.delete(place)
    return draw(known, node.props, parent)
  })
  left?.forEach(remove)
  return drawn
}

/** Puts what was drawn into its element, in order; whatever stands right already is not touched. */
export function arrange(parent: Element, children: readonly Drawn[]): void {
  let next = parent.firstChild
  for (const dom of children.flatMap(seen))
    if (dom === next) next = dom.nextSibling
    else parent.insertBefore(dom, next)
}

const placeOf = (key: Key | undefined, index: number) => key ?? `#${index}`

/** Text and lists are nodes, too: a list's members keep to themselves. Nothing is an empty list. */
function nodeOf(child: Child): Pick<VNode, 'key' | 'props'> & { type: unknown } {
  if (isNode(child)) return child
  const isText = typeof child === 'string' || typeof child === 'number'
  return { type: isText, key: undefined, props: isText ? { text: `${child}` } : { children: child } }
}

function listOf(child: Child): readonly Child[] {
  if (Array.isArray(child)) return child
  return typeof (child ?? false) === 'boolean' ? [] : [child]
}

const isNode = (child: Child): child is VNode =>
  typeof child === 'object' && child !== null && !Array.isArray(child)

function begin({ type, key }: ReturnType<typeof nodeOf>, parent: Element, view: View): Drawn {
  const dom =
    typeof type === 'string'
      ? document.createElementNS(type === 'svg' ? SVG : parent.namespaceURI, type)
      : type === true
        ? document.createTextNode('')
        : null
  return { view, type, key, dom, props: {}, children: [], slots: [], isStill: false }
}

function draw(drawn: Drawn, props: Properties, parent: Element): Drawn {
  const { dom, type, view } = drawn
  const before = drawn.props
  if (drawn.isStill && isSame(before, props)) return drawn
  drawn.props = props
  if (dom instanceof Text) {
    dom.data = `${props.text}`
    drawn.isStill = true
    return drawn
  }
  let { children } = props
  if (typeof type === 'function') {
    current = drawn
    asked = 0
    children = (type as Component<Properties>)(props) // only components are functions
  }
  if (dom) dress(dom, before, props)
  drawn.children = drawAll(listOf(children), drawn.children, dom ?? parent, view)
  if (dom) arrange(dom, drawn.children)
  for (const { due } of drawn.slots) if (due) view.whenDrawn(due)
  // What is typed changes without being drawn.
  drawn.isStill = !(drawn.slots.length || 'value' in props) && drawn.children.every(({ isStill }) => isStill)
  return drawn
}

function isSame(before: Properties, now: Properties): boolean {
  for (const name in before) if (!(name in now)) return false
  for (const name in now) if (before[name] !== now[name]) return false
  return true
}

function seen({ dom, children }: Drawn): (Element | Text)[] {
  return dom ? [dom] : children.flatMap(seen)
}

function remove({ dom, props, slots, children }: Drawn): void {
  dom?.remove()
  const ref = refOf(props)
  if (ref?.current === dom) ref.current = null
  children.forEach(remove)
  for (const { undo } of slots) undo?.()
}

const refOf = ({ ref }: Properties) => ref as Ref<unknown> | undefined // JSX has checked its type

function dress(dom: Element, before: Properties, props: Properties): void {
  const ref = refOf(props)
  if (ref) ref.current = dom
  for (const name in before) if (!(name in props)) set(dom, name, undefined)
  for (const name in props) {
    const value = props[name]
    // What someone types is the element's own.
    const known = name === 'value' ? Reflect.get(dom, name) : before[name]
    if (value !== known) set(dom, name, value)
  }
}

/** Listeners and what can be typed are properties, all else is an attribute. */
function set(dom: Element, name: string, value: unknown): void {
  if (name === 'ref' || name === 'children') return
  if (name === 'value') Reflect.set(dom, name, value)
  else if (name.startsWith('on')) Reflect.set(dom, name.toLowerCase(), value)
  else if (value === undefined || (value === false && !name.startsWith('aria'))) dom.removeAttribute(name)
  else dom.setAttribute(name, `${value}`)
}
