import type { MailWords } from './words.ts'

export const en: MailWords = {
  team: (app) => `${app} Support`,
  subject: (app) => `New reply from ${app} Support`,
  heading: (count) => (count === 1 ? 'You have a new reply' : `You have ${count} new replies`),
  intro: (app) => `The ${app} support team has answered you.`,
  you: 'You',
  open: 'Open the chat',
  noReply: 'Replies to this e-mail are not read. Please answer in the chat.',
  reason: (app) => `You get this e-mail because a reply in your chat with ${app} was unread.`,
  unsubscribe: 'Unsubscribe',
  stopTitle: 'Stop these e-mails?',
  stopQuestion: (app) =>
    `You will not be e-mailed about replies from ${app} Support any more. You still find them in the chat.`,
  stopped: 'No more e-mails',
  stoppedNote: (app) => `You will not be e-mailed about replies from ${app} Support any more.`,
  restart: 'E-mail me again',
  restarted: 'E-mails are on again',
  restartedNote: (app) => `You will be e-mailed when a reply from ${app} Support stays unread.`,
}
