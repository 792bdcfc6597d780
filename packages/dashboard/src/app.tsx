import { type QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { CrashBoundary } from './crash.tsx'
import { Notice, Waiting } from './notice.tsx'
import { me } from './session/session.ts'
import { SignedIn } from './signed-in.tsx'
import { useWords } from './words/words.ts'

const SignIn = lazy(() => import('./session/sign-in.tsx').then(({ SignIn }) => ({ default: SignIn })))

/** The whole dashboard: the sign-in card for nobody, the desk for an admin, at whatever address. */
export function App({ queries }: { queries: QueryClient }) {
  return (
    <CrashBoundary>
      <QueryClientProvider client={queries}>
        <Suspense fallback={<Waiting />}>
          <Door />
        </Suspense>
      </QueryClientProvider>
    </CrashBoundary>
  )
}

function Door() {
  const words = useWords()
  const session = useQuery(me)
  if (session.data) return <SignedIn key={session.data.id} me={session.data} />
  if (session.data === null) return <SignIn />
  if (session.isError) {
    return (
      <Notice
        level={1}
        heading={words.signIn.unreachable}
        action={{ label: words.list.tryAgain, run: () => void session.refetch() }}
      />
    )
  }
  return <Waiting />
}
