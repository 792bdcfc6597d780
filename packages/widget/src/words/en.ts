import type { Forms } from './plural.ts'

/** Everything that the panel says. */
export interface Words {
  openChat: string
  closeChat: string
  unread: Forms
  panel: string
  close: string
  sound: string
  online: string
  connecting: string
  offline: string
  messages: string
  newMessages: string
  message: string
  placeholder: string
  send: string
  charactersLeft: Forms
  charactersOver: Forms
  today: string
  yesterday: string
  sending: string
  sent: string
  notSent: string
  tooLong: string
  retry: string
  delete: string
  support: string
  you: string
  greeting: string
  whoAnswers(app: string): string
  whoAnswersUnnamed: string
  beginning: string
  loading: string
  unreachable: string
  signInFirst: string
  /** Asks a visitor for an address, after the first message or before it. */
  leaveEmail: string
  emailFirst: string
  email: string
  save: string
  next: string
  noThanks: string
  noEmail: string
  notSaved: string
  reachable(email: string): string
  change: string
}

export const words: Words = {
  openChat: 'Open support chat',
  closeChat: 'Close support chat',
  unread: { one: '# unread message', other: '# unread messages' },
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
  charactersLeft: { one: '# character left', other: '# characters left' },
  charactersOver: { one: '# character too many', other: '# characters too many' },
  today: 'Today',
  yesterday: 'Yesterday',
  sending: 'Sending…',
  sent: 'Sent',
  notSent: 'Not sent',
  tooLong: 'Not sent: too long',
  retry: 'Retry',
  delete: 'Delete',
  support: 'Support',
  you: 'You',
  greeting: 'How can we help?',
  whoAnswers: (app) => `Write to us, and a person from ${app} answers here.`,
  whoAnswersUnnamed: 'Write to us, and a person answers here.',
  beginning: 'This is where your conversation began.',
  loading: 'Loading your messages…',
  unreachable: 'We can’t be reached right now. We keep trying.',
  signInFirst: 'Sign in to write to us.',
  leaveEmail: 'Leave your e-mail address, so that we can reach you when you’re away.',
  emailFirst: 'What is your e-mail address, so that we can reach you?',
  email: 'E-mail',
  save: 'Save',
  next: 'Continue',
  noThanks: 'No, thanks',
  noEmail: 'Please enter an e-mail address such as name@example.com.',
  notSaved: 'That could not be saved. Please try again.',
  reachable: (email) => `Thank you. When you’re away, we’ll write to ${email}.`,
  change: 'Change',
}
