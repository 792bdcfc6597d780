import type { MailWords } from './words.ts'

export const de: MailWords = {
  team: (app) => `${app} Support`,
  subject: (app) => `Neue Antwort von ${app} Support`,
  heading: (count) => (count === 1 ? 'Sie haben eine neue Antwort' : `Sie haben ${count} neue Antworten`),
  intro: (app) => `Das Support-Team von ${app} hat Ihnen geantwortet.`,
  you: 'Sie',
  open: 'Chat öffnen',
  noReply: 'Antworten auf diese E-Mail werden nicht gelesen. Bitte antworten Sie im Chat.',
  reason: (app) =>
    `Sie erhalten diese E-Mail, weil eine Antwort in Ihrem Chat mit ${app} noch ungelesen war.`,
  unsubscribe: 'Abbestellen',
  stopTitle: 'Diese E-Mails abbestellen?',
  stopQuestion: (app) =>
    `Sie erhalten dann keine E-Mails mehr über Antworten von ${app} Support. Im Chat finden Sie die Antworten weiterhin.`,
  stopped: 'Keine E-Mails mehr',
  stoppedNote: (app) => `Sie erhalten keine E-Mails mehr über Antworten von ${app} Support.`,
  restart: 'E-Mails wieder erhalten',
  restarted: 'E-Mails sind wieder an',
  restartedNote: (app) => `Sie erhalten eine E-Mail, wenn eine Antwort von ${app} Support ungelesen bleibt.`,
}
