import type { Child, Key, Properties, Ref, VNode } from './node.ts'

/** What `<type …>` is turned into. */
export function jsx(type: VNode['type'], props: Properties, key?: Key): VNode {
  return { type, key, props }
}

/** With several children; and while developing. */
export { jsx as jsxDEV, jsx as jsxs }

/** `<>…</>` */
export const Fragment = ({ children }: Properties): Child => children

/** Lower-case as in HTML, but for the names of events. */
type Attributes<Of extends Element> = {
  readonly key?: Key
  readonly ref?: Ref<Of | null>
  readonly children?: Child
} & { readonly [Name in AttributeName | `aria-${string}` | `data-${string}`]?: Attribute } & {
  readonly [Name in keyof Events as `on${Name}`]?: (
    event: Events[Name] & { readonly currentTarget: Of },
  ) => void
}

type Attribute = string | number | boolean | undefined

type AttributeName =
  | ('class' | 'part' | 'id' | 'role' | 'lang' | 'dir' | 'title' | 'tabindex')
  | ('type' | 'value' | 'placeholder' | 'rows' | 'enterkeyhint' | 'autocomplete')
  | ('disabled' | 'required' | 'novalidate')
  | ('href' | 'target' | 'rel' | 'datetime')
  | ('viewBox' | 'width' | 'height' | 'd')

interface Events {
  Click: MouseEvent
  Input: InputEvent
  KeyDown: KeyboardEvent
  PointerEnter: PointerEvent
  Scroll: Event
  Submit: SubmitEvent
}

export namespace JSX {
  export type Element = VNode
  // A component of any properties is one.
  export type ElementType = keyof IntrinsicElements | ((props: never) => Child)
  export interface ElementChildrenAttribute {
    children: unknown
  }
  export interface IntrinsicAttributes {
    readonly key?: Key
  }
  export type IntrinsicElements = {
    [Tag in keyof HTMLElementTagNameMap]: Attributes<HTMLElementTagNameMap[Tag]>
  } & { [Tag in 'svg' | 'path']: Attributes<SVGElement> }
}
