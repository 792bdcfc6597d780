import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  redirect,
  useSearch,
} from '@tanstack/react-router'
import { Crashed } from './crash.tsx'
import { Icon } from './icons.tsx'
import { Inbox } from './inbox/inbox.tsx'
import { useChatList } from './inbox/use-inbox.ts'
import { Notice, quietButton } from './notice.tsx'
import { useWords } from './words/words.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/chats', replace: true })
  },
})

/** Which list is shown, what is searched for, and the message that was found. */
interface Place {
  archived?: true | undefined
  q?: string | undefined
  message?: number | undefined
}

function placeFrom({ archived, q, message }: Record<string, unknown>): Place {
  return {
    ...(archived === true && { archived }),
    // The address of "42" reads as a number.
    ...((typeof q === 'string' || typeof q === 'number') && { q: String(q) }),
    ...(typeof message === 'number' && { message }),
  }
}

/** The list stays while its child, the conversation, changes. */
const chats = createRoute({
  getParentRoute: () => root,
  path: '/chats',
  validateSearch: placeFrom,
  component: Inbox,
})

const noChat = createRoute({ getParentRoute: () => chats, path: '/', component: NoChatOpen })

const chat = createRoute({
  getParentRoute: () => chats,
  path: '$chatId',
  component: lazyRouteComponent(() => import('./conversation/chat-page.tsx'), 'ChatPage'),
})

const routeTree = root.addChildren([home, chats.addChildren([noChat, chat])])

export function createDashboardRouter() {
  return createRouter({
    routeTree,
    basepath: '/admin',
    defaultPreload: 'intent',
    defaultErrorComponent: () => <Crashed level={2} />,
    trailingSlash: 'never',
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>
  }
}

function NoChatOpen() {
  const { chat } = useWords()
  const { archived: isArchived = false } = useSearch({ from: '/chats' })
  const { rows } = useChatList(isArchived, false)
  return (
    <Notice
      level={2}
      heading={chat.nothingOpen}
      {...(rows.length > 0 && { hint: chat.nothingOpenHint })}
      icon={<Icon name="chats" />}
    />
  )
}

function NotFound() {
  const { notFound } = useWords()
  return (
    <Notice level={1} heading={notFound.heading} hint={notFound.hint}>
      <Link to="/chats" className={`${quietButton} mt-4`}>
        {notFound.home}
      </Link>
    </Notice>
  )
}
