const ENGLISH = 'Open support chat'
const OPEN = new Map([
  ['de', 'Support-Chat öffnen'],
  ['fr', 'Ouvrir le chat d’assistance'],
  ['es', 'Abrir el chat de soporte'],
  ['pt', 'Abrir o chat de suporte'],
  ['ja', 'サポートチャットを開く'],
  ['zh', '打开客服聊天'],
  ['ar', 'فتح محادثة الدعم'],
])

/** What the launcher is called before the panel and its language are there. */
export function firstName(locale: string): string {
  return OPEN.get(locale.toLowerCase().replace(/[-_].*/, '')) ?? ENGLISH
}
