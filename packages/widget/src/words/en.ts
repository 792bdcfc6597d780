/** Everything that the panel says, in English; the other languages follow its shape. */
export const en = {
  panel: 'Support chat',
  close: 'Close',
  sound: 'Sound',
  online: 'Online',
  connecting: 'Connecting…',
  offline: 'Offline: we’ll send when you’re back',
  messages: 'Messages',
  newMessages: 'New messages',
  message: 'Message',
  placeholder: 'Write a message…',
  send: 'Send',
  charactersLeft: (count: number) => (count === 1 ? '1 character left' : `${count} characters left`),
  sending: 'Sending…',
  sent: 'Sent',
  notSent: 'Not sent',
  tooLong: 'Not sent: too long',
  retry: 'Retry',
  delete: 'Delete',
  support: 'Support',
  you: 'You',
  greeting: 'How can we help?',
  whoAnswers: (app: string) => `Write to us, and a person from ${app} answers here.`,
  whoAnswersUnnamed: 'Write to us, and a person answers here.',
  beginning: 'This is where your conversation began.',
  loading: 'Loading your messages…',
  unreachable: 'We can’t be reached right now. We keep trying.',
  signInFirst: 'Sign in to write to us.',
}

/** What a language has to say. */
export type Words = typeof en
