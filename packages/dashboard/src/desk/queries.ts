import { DeskbellError } from '@deskbell/protocol'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'

/** What the page asked the desk and was told. A session that ended is noticed by whichever call meets it first. */
export function createQueries(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof DeskbellError && error.code === 'unauthenticated') queries.setQueryData(['me'], null)
  }
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) =>
          failures < 3 && error instanceof DeskbellError && error.code === 'unavailable',
      },
    },
  })
  return queries
}
