/** Every sentence of the dashboard. A language that lacks one does not compile. */
export interface Catalogue {
  title: string
  signIn: {
    heading: string
    hint: string
    email: string
    password: string
    submit: string
    submitting: string
    refused: string
    throttled: (seconds: number | null) => string
    unreachable: string
    missing: string
  }
  signOut: string
  skipToConversation: string
  tabs: { label: string; active: string; archived: string }
  list: {
    label: string
    unread: string
    you: string
    visitor: string
    noMessages: string
    messages: (count: number) => string
    loading: string
    loadingMore: string
    failed: string
    tryAgain: string
    emptyActive: string
    emptyActiveHint: string
    emptyArchived: string
    emptyArchivedHint: string
  }
  chat: {
    label: string
    back: string
    archive: string
    restore: string
    nothingOpen: string
    nothingOpenHint: string
    loading: string
    failed: string
    missing: string
    missingHint: string
    empty: string
    messages: string
    loadingOlder: string
    newMessages: string
    you: string
    support: string
    says: (sender: string, text: string) => string
  }
  message: {
    sending: string
    sent: string
    seen: string
    seenAt: (time: string) => string
    notSent: string
    retry: string
    discard: string
  }
  composer: {
    label: string
    placeholder: string
    send: string
    left: (count: number) => string
    over: (count: number) => string
  }
  status: { online: string; connecting: string; offline: string }
  banner: { lost: string; tryNow: string }
  details: {
    label: string
    email: string
    name: string
    none: string
    state: string
    active: string
    archived: string
    count: string
    lastMessage: string
  }
  toasts: {
    label: string
    archived: string
    restored: string
    undo: string
    dismiss: string
    archiveFailed: string
    restoreFailed: string
    signOutFailed: string
    retry: string
  }
  theme: { label: string; system: string; light: string; dark: string }
  keys: {
    heading: string
    open: string
    close: string
    next: string
    previous: string
    enter: string
    archive: string
    restore: string
    reply: string
    help: string
    send: string
    newLine: string
    or: string
  }
  notFound: { heading: string; hint: string; home: string }
  crashed: { heading: string; hint: string; reload: string }
  justNow: string
}
