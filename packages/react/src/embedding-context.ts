'use client'

import type { Embedding } from '@deskbell/widget/embedding'
import { createContext, useContext } from 'react'

export const EmbeddingContext = createContext<Embedding | null>(null)

/** The one of the nearest provider; throws where there is none. */
export function useEmbedding(): Embedding {
  const embedding = useContext(EmbeddingContext)
  if (!embedding) throw new Error('Support chat is used outside of a <SupportChatProvider>')
  return embedding
}
