import type { MailWords } from './words.ts'

export const fr: MailWords = {
  team: (app) => `Assistance ${app}`,
  subject: (app) => `Nouvelle réponse de l’assistance ${app}`,
  heading: (count) =>
    count === 1 ? 'Vous avez une nouvelle réponse' : `Vous avez ${count} nouvelles réponses`,
  intro: (app) => `L’équipe d’assistance de ${app} vous a répondu.`,
  you: 'Vous',
  open: 'Ouvrir la conversation',
  noReply: 'Les réponses à cet e-mail ne sont pas lues. Merci de répondre dans la conversation.',
  reason: (app) =>
    `Vous recevez cet e-mail parce qu’une réponse dans votre conversation avec ${app} n’était pas lue.`,
  unsubscribe: 'Se désabonner',
  stopTitle: 'Ne plus recevoir ces e-mails ?',
  stopQuestion: (app) =>
    `Vous ne recevrez plus d’e-mail pour les réponses de l’assistance ${app}. Elles restent visibles dans la conversation.`,
  stopped: 'Plus d’e-mails',
  stoppedNote: (app) => `Vous ne recevrez plus d’e-mail pour les réponses de l’assistance ${app}.`,
  restart: 'Recevoir à nouveau les e-mails',
  restarted: 'Les e-mails sont réactivés',
  restartedNote: (app) =>
    `Vous recevrez un e-mail lorsqu’une réponse de l’assistance ${app} n’aura pas été lue.`,
}
