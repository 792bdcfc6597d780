/** What can stand in a place: something drawn, text, a list, or nothing. */
export type Child = VNode | string | number | boolean | null | undefined | readonly Child[]

/** Tells the members of a list apart, wherever they stand in it. */
export type Key = string | number

/** A function of its properties that draws them. */
export type Component<Props> = (props: Props) => Child

/** What is to be drawn: an element of the page, or a component. */
export interface VNode {
  readonly type: string | Component<Properties>
  readonly key: Key | undefined
  readonly props: Properties
}

export interface Properties {
  readonly [name: string]: unknown
  readonly children?: Child
}

/** Something that outlives a drawing, such as the element of a node that it is given to as `ref`. */
export interface Ref<Value> {
  current: Value
}
