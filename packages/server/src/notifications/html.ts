import type { MailContent, MailMessage } from './content.ts'
import { escapeHtml } from './escape.ts'
import type { Language, MailWords } from './words/words.ts'

const FONT = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
/** Spaces that no reader sees, so that clients do not fill the preview line with what comes after it. */
const PADDING = '&#847;&zwnj;&nbsp;'.repeat(60)

// Tables and inline styles, because Outlook lays out with Word; the rest is for those who know more.
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; -webkit-text-size-adjust: 100%; }
table { border-collapse: separate; border-spacing: 0; }
@media (max-width: 480px) { .edge { padding: 16px 10px !important; } .card { padding: 24px 18px !important; } }
@media (prefers-color-scheme: dark) {
  .paper { background: #121419 !important; }
  .card { background: #1c1f26 !important; border-color: #343945 !important; }
  .ink { color: #eef0f4 !important; }
  .soft { color: #aab1be !important; }
  .theirs { background: #2a2f3a !important; }
  .own { border-color: #454b59 !important; }
}
[data-ogsc] .ink { color: #eef0f4 !important; }
[data-ogsc] .soft { color: #aab1be !important; }`

/** The HTML of a mail, as mail clients need it. */
export function mailHtml(content: MailContent, words: MailWords, language: Language): string {
  const { appName, accent, messages, chatUrl, unsubscribeUrl, unreadCount } = content
  const [isRtl, start] = language === 'ar' ? [true, 'right'] : [false, 'left']
  const newest = messages.findLast(({ sender }) => sender === 'admin')?.preview ?? ''
  const app = escapeHtml(appName)
  return `<!doctype html>
<html lang="${language}" dir="${isRtl ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escapeHtml(words.subject(appName))}</title>
<style>${STYLE}
</style>
</head>
<body class="paper" style="margin:0;background:#f3f4f7">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(newest.replace(/\s+/g, ' '))}${PADDING}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f4f7" style="background:#f3f4f7">
<tr><td class="edge" align="center" style="padding:32px 16px">
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="soft" align="${start}" style="${FONT};font-size:14px;line-height:20px;font-weight:600;color:#5b6270;padding:0 4px 12px">${app}</td></tr>
<tr><td class="card" align="${start}" bgcolor="#ffffff" style="background:#ffffff;border:1px solid #e1e4ea;border-radius:14px;padding:32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="ink" style="${FONT};font-size:21px;line-height:28px;font-weight:650;color:#171a21;padding-bottom:6px"><h1 style="margin:0;font-size:21px;line-height:28px">${escapeHtml(words.heading(unreadCount))}</h1></td></tr>
<tr><td class="soft" style="${FONT};font-size:15px;line-height:22px;color:#5b6270;padding-bottom:20px">${escapeHtml(words.intro(appName))}</td></tr>
${messages.map((message) => messageRow(message, words, appName)).join('\n')}
<tr><td style="padding-top:12px">
<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td align="center" bgcolor="${accent}" style="background:${accent};border-radius:10px;mso-padding-alt:12px 24px"><a href="${escapeHtml(chatUrl)}" target="_blank" style="${FONT};display:inline-block;padding:12px 24px;font-size:15px;line-height:20px;font-weight:600;color:${textOn(accent)};text-decoration:none;border-radius:10px">${escapeHtml(words.open)}</a></td>
</tr></table>
</td></tr>
</table>
</td></tr>
<tr><td class="soft" align="${start}" style="${FONT};font-size:13px;line-height:19px;color:#5b6270;padding:16px 4px 0">${escapeHtml(words.noReply)}<br>${escapeHtml(words.reason(appName))}<br><a class="soft" href="${escapeHtml(unsubscribeUrl)}" target="_blank" style="color:#5b6270;text-decoration:underline">${escapeHtml(words.unsubscribe)}</a></td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`
}

function messageRow({ sender, name, preview }: MailMessage, words: MailWords, appName: string): string {
  const who = sender === 'user' ? words.you : (name ?? words.team(appName))
  const lines = escapeHtml(preview).replace(/\r\n|[\n\r\u2028\u2029]/g, '<br>')
  const [look, style] =
    sender === 'user'
      ? ['own', 'border:1px solid #dfe2e9']
      : ['theirs', 'background:#eff1f5;border:1px solid transparent']
  return `<tr><td class="soft" style="${FONT};font-size:13px;line-height:18px;font-weight:600;color:#5b6270;padding:0 2px 4px"><bdi>${escapeHtml(who)}</bdi></td></tr>
<tr><td style="padding-bottom:16px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="${look} ink" dir="auto" style="${FONT};${style};border-radius:10px;padding:10px 14px;font-size:15px;line-height:22px;color:#171a21;word-break:break-word;overflow-wrap:anywhere">${lines}</td></tr></table></td></tr>`
}

/** White or near-black, whichever has the better contrast on a colour (WCAG 2). */
function textOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return luminance > 0.18 ? '#12141a' : '#ffffff'
}
