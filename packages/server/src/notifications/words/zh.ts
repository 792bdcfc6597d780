import type { MailWords } from './words.ts'

export const zh: MailWords = {
  team: (app) => `${app} 客服`,
  subject: (app) => `${app} 客服有新回复`,
  heading: (count) => `您有 ${count} 条新回复`,
  intro: (app) => `${app} 客服团队已回复您。`,
  you: '您',
  open: '打开聊天',
  noReply: '我们不会查看对此邮件的回复，请在聊天中回复。',
  reason: (app) => `您收到此邮件，是因为您与 ${app} 的聊天中有未读回复。`,
  unsubscribe: '退订',
  stopTitle: '不再接收这些邮件？',
  stopQuestion: (app) => `我们将不再通过邮件通知您 ${app} 客服的回复。您仍可在聊天中查看。`,
  stopped: '已退订',
  stoppedNote: (app) => `我们不会再通过邮件通知您 ${app} 客服的回复。`,
  restart: '重新接收邮件',
  restarted: '已重新开启邮件通知',
  restartedNote: (app) => `当 ${app} 客服的回复未读时，我们会通过邮件通知您。`,
}
