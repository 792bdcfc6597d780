import { escapeHtml } from '../notifications/escape.ts'
import type { Mail } from '../notifications/mailer.ts'

export const MAILBOX_STYLE = `
.mailbox { max-width: 860px; }
.mailbox h1 { font-size: 34px; margin-block: 24px 8px; }
.mailbox > p { color: var(--soft); margin-bottom: 24px; max-width: 60ch; }
.mail { border: 1px solid var(--line); border-radius: 16px; background: var(--card); margin-bottom: 16px; overflow: hidden; }
.mail summary { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 16px 20px; cursor: pointer; list-style-position: inside; }
.mail summary:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 16px; }
.mail summary strong { flex: 1 1 260px; font-weight: 620; overflow-wrap: anywhere; }
.mail summary span { color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; }
.mail section { padding: 0 20px 20px; }
.mail h2 { font-size: 13px; color: var(--soft); font-weight: 600; margin-block: 12px 6px; }
.mail iframe { width: 100%; height: 640px; border: 1px solid var(--line); border-radius: 12px; }
.mail pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 16px; border: 1px solid var(--line); border-radius: 12px;
  font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.mail dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; font-size: 13px; }
.mail dt { color: var(--soft); } .mail dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 560px) { .mail dl { grid-template-columns: 1fr; gap: 0; } .mail dd { margin-bottom: 6px; } }
`

/** The demo's mailbox: every mail with its headers and both parts, newest first. */
export function mailboxPage(mails: readonly Mail[]): string {
  const list = mails.map((mail, index) => entry(mail, mails.length - index, index === 0)).join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mailbox (${mails.length}): Fern &amp; Fold</title>
<link rel="stylesheet" href="/demo/shop.css">
<link rel="stylesheet" href="/demo/mailbox.css">
</head>
<body>
<main class="mailbox">
  <h1>Mailbox</h1>
  <p>What Deskbell would have sent to the demo’s users: an e-mail for replies that stay unread. Nothing leaves this machine. <a href="/demo/mailbox">Look again</a></p>
  ${list || '<p>No e-mails yet. Answer a user whose chat is closed, and wait a minute.</p>'}
</main>
</body>
</html>
`
}

/** `number` counts from the oldest, so that an address stays that of its mail. */
function entry(mail: Mail, number: number, isOpen: boolean): string {
  const fields = headersOf(mail).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  )
  return `<details class="mail"${isOpen ? ' open' : ''}>
  <summary><strong>${escapeHtml(mail.subject)}</strong><span>${escapeHtml(mail.to.address)}</span><span>${clockTime(mail.date)}</span></summary>
  <section>
    <h2>HTML</h2>
    <iframe title="HTML part of e-mail ${number}" src="/demo/mailbox/html?mail=${number}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
    <h2>Text</h2>
    <pre>${escapeHtml(mail.text)}</pre>
    <h2>Headers</h2>
    <dl>${fields.join('')}</dl>
  </section>
</details>`
}

function headersOf({ from, to, subject, id, thread, headers, date }: Mail): [string, string][] {
  const named = ({ name, address }: Mail['from']) => (name === '' ? address : `${name} <${address}>`)
  return [
    ['From', named(from)],
    ['To', named(to)],
    ['Subject', subject],
    ['Date', date.toUTCString()],
    ['Message-ID', `<${id}>`],
    ...(thread === null ? [] : ([['References', `<${thread}>`]] satisfies [string, string][])),
    ...Object.entries(headers),
  ]
}

const clockTime = (date: Date) => `${date.toISOString().slice(11, 19)} UTC`
