import type { MailWords } from './words.ts'

export const ar: MailWords = {
  team: (app) => `دعم ${app}`,
  subject: (app) => `رد جديد من دعم ${app}`,
  heading: (count) => {
    if (count === 1) return 'لديك رد جديد'
    if (count === 2) return 'لديك ردّان جديدان'
    return count <= 10 ? `لديك ${count} ردود جديدة` : `لديك ${count} ردًا جديدًا`
  },
  intro: (app) => `أجابك فريق دعم ${app}.`,
  you: 'أنت',
  open: 'فتح المحادثة',
  noReply: 'لا تُقرأ الردود على هذه الرسالة. يُرجى الرد في المحادثة.',
  reason: (app) => `وصلتك هذه الرسالة لأن ردًا في محادثتك مع ${app} لم يُقرأ.`,
  unsubscribe: 'إلغاء الاشتراك',
  stopTitle: 'إيقاف هذه الرسائل؟',
  stopQuestion: (app) => `لن تصلك رسائل بريد عن ردود دعم ${app} بعد الآن. ستجد الردود دائمًا في المحادثة.`,
  stopped: 'لا مزيد من الرسائل',
  stoppedNote: (app) => `لن تصلك رسائل بريد عن ردود دعم ${app} بعد الآن.`,
  restart: 'إعادة تفعيل الرسائل',
  restarted: 'فُعّلت الرسائل من جديد',
  restartedNote: (app) => `ستصلك رسالة بريد عندما يبقى رد من دعم ${app} غير مقروء.`,
}
