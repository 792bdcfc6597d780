import type { SearchHit } from '@deskbell/protocol'
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { API, callForPage } from '../desk/call.ts'

/** The chats in which a text was found, page by page. An answer that nobody waits for any more is not awaited. */
export function searchPages(query: string) {
  return infiniteQueryOptions({
    queryKey: ['search', query],
    initialPageParam: `${API}/admin/search?${new URLSearchParams({ q: query })}`,
    queryFn: ({ pageParam, signal }) => callForPage<SearchHit>(pageParam, { signal }),
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    enabled: query !== '',
    staleTime: 0,
  })
}
