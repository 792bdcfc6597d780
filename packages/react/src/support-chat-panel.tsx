'use client'

import { type ComponentProps, useEffect, useRef } from 'react'
import { useEmbedding } from './embedding-context.ts'

/** The panel alone, always open, in a `div` of the host's page that it fills; give that one a height. */
export function SupportChatPanel(props: Omit<ComponentProps<'div'>, 'children' | 'ref'>) {
  const embedding = useEmbedding()
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (container.current) return embedding.place('deskbell-panel', container.current)
  }, [embedding])
  return <div {...props} ref={container} />
}
