import type { MailWords } from './words.ts'

export const es: MailWords = {
  team: (app) => `Soporte de ${app}`,
  subject: (app) => `Nueva respuesta del soporte de ${app}`,
  heading: (count) => (count === 1 ? 'Tienes una respuesta nueva' : `Tienes ${count} respuestas nuevas`),
  intro: (app) => `El equipo de soporte de ${app} te ha respondido.`,
  you: 'Tú',
  open: 'Abrir el chat',
  noReply: 'Las respuestas a este correo no se leen. Responde en el chat, por favor.',
  reason: (app) => `Recibes este correo porque había una respuesta sin leer en tu chat con ${app}.`,
  unsubscribe: 'Darse de baja',
  stopTitle: '¿Dejar de recibir estos correos?',
  stopQuestion: (app) =>
    `No recibirás más correos sobre las respuestas del soporte de ${app}. Seguirás viéndolas en el chat.`,
  stopped: 'No más correos',
  stoppedNote: (app) => `No recibirás más correos sobre las respuestas del soporte de ${app}.`,
  restart: 'Volver a recibir correos',
  restarted: 'Los correos vuelven a estar activados',
  restartedNote: (app) => `Recibirás un correo cuando una respuesta del soporte de ${app} quede sin leer.`,
}
