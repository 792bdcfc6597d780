import type { MailWords } from './words.ts'

export const ja: MailWords = {
  team: (app) => `${app} サポート`,
  subject: (app) => `${app} サポートから新しい返信があります`,
  heading: (count) => `新しい返信が${count}件あります`,
  intro: (app) => `${app} のサポートチームから返信がありました。`,
  you: 'あなた',
  open: 'チャットを開く',
  noReply: 'このメールへの返信は確認していません。チャットでご返信ください。',
  reason: (app) => `${app} とのチャットに未読の返信があるため、このメールをお送りしています。`,
  unsubscribe: '配信停止',
  stopTitle: 'このメールの配信を停止しますか？',
  stopQuestion: (app) =>
    `${app} サポートからの返信をメールでお知らせしなくなります。返信はチャットで引き続きご覧いただけます。`,
  stopped: '配信を停止しました',
  stoppedNote: (app) => `${app} サポートからの返信をメールでお知らせすることはありません。`,
  restart: 'メールの受け取りを再開する',
  restarted: 'メールの配信を再開しました',
  restartedNote: (app) => `${app} サポートからの返信が未読のままのとき、メールでお知らせします。`,
}
