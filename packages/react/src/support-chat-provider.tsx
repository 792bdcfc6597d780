'use client'

import { Embedding, type EmbeddingOptions } from '@deskbell/widget/embedding'
import { type ReactNode, useEffect, useState } from 'react'
import { EmbeddingContext } from './embedding-context.ts'

/** Where the desk is, whose chat it is and how it looks. */
export interface SupportChatProviderProps extends EmbeddingOptions {
  children?: ReactNode
}

/**
 * One conversation for everything below it. Another `token` string, `visitor` or `desk` begins another; where the
 * token comes from a function, give the provider the user's id as its `key`.
 * @example
 * <SupportChatProvider desk="https://desk.example" token={getToken}>
 *   <App />
 *   <SupportChat />
 * </SupportChatProvider>
 */
export function SupportChatProvider({ children, ...options }: SupportChatProviderProps) {
  const [embedding] = useState(() => new Embedding(options))
  useEffect(() => embedding.update(options))
  useEffect(() => embedding.start(), [embedding])
  return <EmbeddingContext.Provider value={embedding}>{children}</EmbeddingContext.Provider>
}
