import type { MailWords } from './words.ts'

export const pt: MailWords = {
  team: (app) => `Suporte ${app}`,
  subject: (app) => `Nova resposta do suporte ${app}`,
  heading: (count) => (count === 1 ? 'Você tem uma nova resposta' : `Você tem ${count} novas respostas`),
  intro: (app) => `A equipe de suporte de ${app} respondeu a você.`,
  you: 'Você',
  open: 'Abrir a conversa',
  noReply: 'As respostas a este e-mail não são lidas. Responda na conversa, por favor.',
  reason: (app) => `Você recebe este e-mail porque havia uma resposta não lida na sua conversa com ${app}.`,
  unsubscribe: 'Cancelar inscrição',
  stopTitle: 'Parar de receber estes e-mails?',
  stopQuestion: (app) =>
    `Você não receberá mais e-mails sobre as respostas do suporte ${app}. Elas continuam na conversa.`,
  stopped: 'Sem mais e-mails',
  stoppedNote: (app) => `Você não receberá mais e-mails sobre as respostas do suporte ${app}.`,
  restart: 'Receber e-mails de novo',
  restarted: 'Os e-mails estão ativados de novo',
  restartedNote: (app) => `Você receberá um e-mail quando uma resposta do suporte ${app} não for lida.`,
}
