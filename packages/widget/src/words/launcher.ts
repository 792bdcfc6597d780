/** The few words that are needed before the panel is loaded. */
export interface LauncherWords {
  open: string
  close: string
  unread(count: number): string
}

const en: LauncherWords = {
  open: 'Open support chat',
  close: 'Close support chat',
  unread: (count) => `${count} unread message${count === 1 ? '' : 's'}`,
}

const de: LauncherWords = {
  open: 'Support-Chat öffnen',
  close: 'Support-Chat schließen',
  unread: (count) => `${count} ungelesene Nachricht${count === 1 ? '' : 'en'}`,
}

/** By language; English where there is no other. */
export function launcherWords(locale: string): LauncherWords {
  return locale.startsWith('de') ? de : en
}
