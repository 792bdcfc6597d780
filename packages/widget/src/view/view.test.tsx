// @vitest-environment happy-dom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { useEffect, useMemo, useRef, useState } from './hooks.ts'
import type { Child } from './node.ts'
import { View } from './view.ts'

function place(): { place: HTMLElement; view: View } {
  const place = document.createElement('div')
  document.body.append(place)
  return { place, view: new View(place) }
}

const Wrapped = ({ content }: { content: Child }) => content

/** Trees with everything that a place can hold: keyed lists in any order, text, nothing, components, elements. */
const { tree } = fc.letrec<{ tree: Child }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Child>(null, undefined, false, true, '', 'text', 7),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 0, 1), tie('tree')), {
        selector: ([key]) => key,
      })
      .map((members) => members.map(([key, content]) => <li key={key}>{content}</li>)),
    tie('tree').map((content) => <Wrapped content={content} />),
    fc.array(tie('tree'), { maxLength: 4 }).map((children) => <>{children}</>),
    fc
      .record({
        Tag: fc.constantFrom('p', 'section', 'b'),
        name: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
        isHidden: fc.boolean(),
        children: fc.array(tie('tree'), { maxLength: 4 }),
      })
      .map(({ Tag, name, isHidden, children }) => (
        <Tag class={name} disabled={isHidden} aria-hidden={isHidden}>
          {children}
          {isHidden && 'hidden'}
        </Tag>
      )),
  ),
}))

test('whatever was there before, it looks as if it had always been so', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 5 }), (trees) => {
      const one = place()
      for (const each of trees) {
        one.view.draw(each)
        const fresh = place()
        fresh.view.draw(each)
        expect(one.place.isEqualNode(fresh.place)).toBe(true)
      }
      one.view.end()
      expect(one.place.childNodes).toHaveLength(0)
    }),
    { numRuns: 300 },
  )
})

test('the members of a list are themselves wherever they move, and what stays in order is not touched', () => {
  const { place: list, view } = place()
  const show = (keys: string) => view.draw([...keys].map((key) => <input key={key} id={key} />))
  const elements = () => Object.fromEntries([...list.children].map((element) => [element.id, element]))
  show('abcd')
  const before = elements()
  show('dxbyca')
  expect([...list.children].map(({ id }) => id).join('')).toBe('dxbyca')
  expect(elements()).toMatchObject(before)

  const inserted: Node[] = []
  const insert = list.insertBefore.bind(list)
  list.insertBefore = (node, next) => {
    inserted.push(node)
    return insert(node, next)
  }
  show('zdbyaq')
  expect(inserted.map((node) => (node as Element).id)).toEqual(['z', 'q'])
})

test('changes of a moment are drawn together, and once', async () => {
  const { place: root, view } = place()
  let count = 0
  let change: (next: string | ((before: string) => string)) => void = () => {}
  function Counted() {
    const [text, setText] = useState('a')
    const [more, setMore] = useState(() => 1)
    count += 1
    change = (next) => {
      setText(next)
      setMore((before) => before + 1)
    }
    return `${text}${more}`
  }
  view.draw(<Counted />)
  expect(root.textContent).toBe('a1')
  change('b')
  change((before) => `${before}c`)
  expect(root.textContent).toBe('a1')
  await Promise.resolve()
  expect(root.textContent).toBe('bc3')
  expect(count).toBe(2)
  view.end()
  change('after the end')
  await Promise.resolve()
  expect(root.textContent).toBe('')
})

test('a component keeps its state while it stays where it is, and begins anew elsewhere', async () => {
  const { place: root, view } = place()
  let number = 0
  function Numbered() {
    const [own] = useState(() => ++number)
    const first = useRef(own)
    return `${first.current}${own}`
  }
  view.draw([null, <Numbered />])
  view.draw(['text', <Numbered />])
  expect(root.textContent).toBe('text11')
  view.draw(<section>{<Numbered />}</section>)
  expect(root.textContent).toBe('22')
})

test('what is told the same is not drawn again, unless it has something of its own or someone may type in it', async () => {
  const { place: root, view } = place()
  const drawn: string[] = []
  let turn = (_next: number) => {}
  const Still = ({ text }: { text: string }) => {
    drawn.push(text)
    return <b>{text}</b>
  }
  const Turning = () => {
    const [number, setNumber] = useState(0)
    turn = setNumber
    return number
  }
  const Around = ({ text }: { text: string }) => {
    drawn.push(`around ${text}`)
    return <Turning />
  }
  const field = { current: null as HTMLInputElement | null }
  const Typing = () => <input ref={field} value="said" />
  const show = (still: string) => view.draw([<Still text={still} />, <Around text="it" />, <Typing />])
  show('a')
  show('a')
  expect(drawn).toEqual(['a', 'around it', 'around it'])
  show('b')
  expect(drawn.splice(0)).toEqual(['a', 'around it', 'around it', 'b', 'around it'])
  expect(root.textContent).toBe('b0')
  if (field.current) field.current.value = 'typed'
  turn(1)
  await Promise.resolve()
  expect(drawn).toEqual(['around it'])
  expect(root.textContent).toBe('b1')
  expect(field.current?.value).toBe('said')
})

test('effects come when everything has its place, children first, and are undone before the next and at the end', () => {
  const { place: root, view } = place()
  const heard: string[] = []
  function Speaking({ name, input, children }: { name: string; input: number; children?: Child }) {
    useEffect(() => {
      heard.push(`${name} ${input} in ${root.textContent}`)
      return () => heard.push(`${name} ${input} over`)
    }, [input])
    useEffect(() => {
      heard.push(`${name} again`)
    }, null)
    return <p>{children ?? 'inside'}</p>
  }
  const show = (outer: number, inner: number) =>
    view.draw(
      <Speaking name="outer" input={outer}>
        <Speaking name="inner" input={inner} />
      </Speaking>,
    )
  const said = () => heard.splice(0)
  show(1, 1)
  expect(said()).toEqual(['inner 1 in inside', 'inner again', 'outer 1 in inside', 'outer again'])
  show(1, 2)
  expect(said()).toEqual(['inner 1 over', 'inner 2 in inside', 'inner again', 'outer again'])
  view.end()
  expect(said()).toEqual(['inner 2 over', 'outer 1 over'])
})

test('an effect may draw everything once more', async () => {
  const { place: root, view } = place()
  function Settling() {
    const [size, setSize] = useState(0)
    useEffect(() => {
      setSize(3)
    }, [])
    return size
  }
  view.draw(<Settling />)
  await Promise.resolve()
  expect(root.textContent).toBe('3')
})

test('what is made of inputs is made again only for others', () => {
  const { view } = place()
  const made: number[] = []
  function Making({ input }: { input: number }) {
    return useMemo(() => made.push(input), [input])
  }
  for (const input of [1, 1, 2]) view.draw(<Making input={input} />)
  expect(made).toEqual([1, 2])
})

test('listeners are the newest, typed text is the element’s own, and nothing is said twice', () => {
  const { place: root, view } = place()
  const clicked: number[] = []
  const field = { current: null as HTMLInputElement | null }
  const show = (number: number, value: string) =>
    view.draw(
      <label
        onClick={() => clicked.push(number)}
        aria-hidden={number > 1}
        class={number > 1 ? 'on' : undefined}
      >
        <input ref={field} value={value} disabled={number > 1} />
      </label>,
    )
  show(1, 'a')
  const input = field.current
  expect(root.innerHTML).toBe('<label aria-hidden="false"><input></label>')
  if (input) input.value = 'typed'
  show(2, 'a')
  expect(field.current).toBe(input)
  expect(input?.value).toBe('a')
  expect(input?.disabled).toBe(true)
  root.querySelector('label')?.dispatchEvent(new Event('click'))
  expect(clicked).toEqual([2])
  view.end()
  expect(field.current).toBeNull()
})

test('drawings are drawings: what stands in one is of its kind', () => {
  const { place: root, view } = place()
  view.draw(
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M0 0" />
    </svg>,
  )
  expect(root.querySelector('path')?.namespaceURI).toBe('http://www.w3.org/2000/svg')
  expect(root.firstElementChild?.getAttribute('viewBox')).toBe('0 0 24 24')
})
