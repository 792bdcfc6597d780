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
  resizeList: string
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
  search: {
    label: string
    placeholder: string
    clear: string
    results: string
    searching: string
    found: (count: number) => string
    none: string
    noneHint: string
    failed: string
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
    older: string
    newMessages: string
    you: string
    support: string
    says: (sender: string, text: string) => string
  }
  message: {
    sending: string
    sent: string
    seenAt: (time: string) => string
    notSent: string
    retry: string
    discard: string
  }
  mail: {
    waits: (when: string) => string
    onItsWay: string
    looking: (when: string) => string
    limited: (when: string) => string
    retrying: (when: string, why: string) => string
    sentAt: (time: string) => string
    readAt: (time: string) => string
    archived: string
    unsubscribed: string
    noAddress: string
    suppressed: string
    refused: (why: string) => string
    gaveUp: (why: string) => string
    unsubscribedSince: (date: string) => string
    refusedSince: (date: string) => string
    allow: string
    allowFailed: string
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
    userId: string
    firstSeen: string
    traits: string
    close: string
    export: string
    exportFailed: string
    erase: string
  }
  erasing: {
    heading: string
    warning: (person: string) => string
    confirm: (text: string) => string
    submit: string
    cancel: string
    failed: string
    done: string
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
  settings: {
    heading: string
    close: string
    language: string
    asBrowser: string
    sound: string
    soundHint: string
    alerts: string
    alertsHint: string
    alertsBlocked: string
    alertsMissing: string
  }
  theme: { label: string; system: string; light: string; dark: string }
  account: {
    heading: string
    close: string
    name: string
    saveName: string
    nameSaved: string
    password: string
    newPassword: string
    newPasswordHint: (least: number) => string
    savePassword: string
    passwordSaved: string
    wrongPassword: string
    failed: string
    signOutEverywhere: string
    signOutEverywhereHint: string
  }
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
    search: string
    help: string
    send: string
    newLine: string
    or: string
  }
  notFound: { heading: string; hint: string; home: string }
  crashed: { heading: string; hint: string; reload: string }
  justNow: string
}
