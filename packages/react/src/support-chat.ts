'use client'

import { useEffect } from 'react'
import { useEmbedding } from './embedding-context.ts'

/** The launcher in the corner of the page, with its panel. */
export function SupportChat(): null {
  const embedding = useEmbedding()
  useEffect(() => embedding.place('deskbell-chat', document.body), [embedding])
  return null
}
