import { expect, test } from 'vitest'
import { claimVisitorChat } from '../chats/claim.ts'
import { open } from '../chats/open.ts'
import { user } from '../testing/engine.ts'
import { httpDesk, SECRET } from '../testing/http-desk.ts'
import { type MailRoom, mailRoom, PERIOD_MS } from '../testing/mail-room.ts'
import { unsubscribeKeys } from './unsubscribe.ts'
import { LANGUAGES } from './words/words.ts'

async function mailed(at: MailRoom) {
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  const taken = at.server.taken.at(-1)
  if (taken === undefined) throw new Error('no mail came')
  const headers = new Map(taken.mail.headers.map(({ key, value }) => [key, value]))
  return { ...taken, headers, html: taken.mail.html ?? '', text: taken.mail.text ?? '' }
}

const rename = (at: MailRoom, name: string) =>
  at.engine.store.db.updateTable('support_users').set({ name }).execute()

test('a mail has the headers that mail programs go by, both parts, and what was said', async () => {
  await using at = await mailRoom()
  await at.reply('Yes, it is.\nShall I keep one for you?')
  const { mail, headers, text, html, from, to, raw } = await mailed(at)
  expect([from, to]).toEqual(['support@fern.example', ['alice@example.com']])
  expect(mail).toMatchObject({
    subject: 'New reply from Fern & Fold Support',
    from: { name: 'Fern & Fold Support', address: 'support@fern.example' },
    to: [{ name: 'Alice', address: 'alice@example.com' }],
    messageId: `<${at.chatId}.2-2@fern.example>`,
    inReplyTo: `<${at.chatId}@fern.example>`,
    references: `<${at.chatId}@fern.example>`,
  })
  expect(new Date(mail.date ?? '').getTime()).toBe(at.engine.clock.now())
  expect(headers.get('auto-submitted')).toBe('auto-generated')
  expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  const link = /^<(https:\/\/desk\.example\/api\/unsubscribe\?key=\S+)>$/.exec(
    headers.get('list-unsubscribe') ?? '',
  )?.[1]
  expect(raw).toContain('multipart/alternative')
  for (const part of [text, html]) {
    expect(part).toContain('Is it in stock?')
    expect(part).toContain('Sam')
    expect(part).toContain('https://shop.example/home?tab=1&')
    expect(part).toContain(link)
  }
  expect(text).toContain('> Yes, it is.\n> Shall I keep one for you?')
  expect(text).toContain('https://shop.example/home?tab=1&deskbell=open#top')
  expect(html).toContain('Yes, it is.<br>Shall I keep one for you?')
  expect(html, 'nothing is fetched from anywhere').not.toMatch(/<img|<link|src=|url\(/)
})

test('the mails of a chat are one thread, and a repeated one is the same by its id', async () => {
  await using at = await mailRoom()
  await at.reply('one')
  const first = await mailed(at)
  await at.reply('two')
  const second = await mailed(at)
  expect(second.mail.references).toBe(first.mail.references)
  expect(second.mail.messageId).not.toBe(first.mail.messageId)
  at.server.mode = 'drops before the final 250'
  await at.reply('three')
  const third = await mailed(at)
  at.server.mode = 'normal'
  at.engine.clock.advance(30_000)
  await at.round()
  expect(at.server.taken).toHaveLength(4)
  expect(at.server.taken.at(-1)?.mail.messageId).toBe(third.mail.messageId)
})

test('the last three messages are shown, each with at most 200 characters', async () => {
  await using at = await mailRoom()
  for (const content of ['first of four', 'second', '🌵'.repeat(300), 'fourth']) await at.reply(content)
  const { text, html } = await mailed(at)
  expect(text).not.toContain('first of four')
  expect(text.match(/🌵/gu)).toHaveLength(199)
  expect(text).toContain(`${'🌵'.repeat(199)}…`)
  expect(html).toContain('You have 4 new replies')
})

test('what people write or are called changes neither the mail’s headers nor its HTML', async () => {
  await using at = await mailRoom({ appName: 'Fern <b>&</b> "Fold"' })
  const nasty =
    '</td><script>alert(1)</script>\r\nBcc: eve@example.com\r\n\r\n.\r\n<img src=x onerror=alert(2)>'
  await rename(at, 'Al"ice\r\nBcc: eve@example.com <eve@example.com>, x@example.com')
  await at.reply(nasty)
  const { mail, to, html, text, raw } = await mailed(at)
  expect(to).toEqual(['alice@example.com'])
  expect(mail.to).toEqual([
    { name: 'Al"ice Bcc: eve@example.com <eve@example.com>, x@example.com', address: 'alice@example.com' },
  ])
  expect(mail.bcc ?? []).toEqual([])
  expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im)
  expect(html).not.toMatch(/<script|<img|<b>/)
  expect(html).toContain('&lt;script&gt;')
  expect(text).toContain('> Bcc: eve@example.com')
})

test.each(['a b@example.com', 'alice@example.com,eve@example.com', '<eve@example.com>', 'x@y\r\nz'])(
  'nothing is sent to %j, which is no plain address',
  async (email) => {
    await using at = await mailRoom()
    await at.engine.store.db.updateTable('support_users').set({ email }).execute()
    await at.reply('Hello')
    at.engine.clock.advance(PERIOD_MS)
    await at.round()
    expect(at.server.taken).toEqual([])
    expect(await at.outcome()).toEqual(['skipped: no_address'])
  },
)

test.each(Object.keys(LANGUAGES))('a user of the language %s is written to in it', async (language) => {
  await using at = await mailRoom()
  const locale = `${language}-XX`
  await open(at.engine, { ...user('alice'), locale })
  await at.reply('one')
  await at.reply('two')
  const { mail, html, text } = await mailed(at)
  const words = LANGUAGES[language as keyof typeof LANGUAGES]
  expect(mail.subject).toBe(words.subject('Fern & Fold'))
  expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`)
  for (const phrase of [words.heading(2), words.open, words.noReply, words.unsubscribe]) {
    expect(text).toContain(phrase)
    expect(html).toContain(phrase)
  }
  expect(new Set(Object.values(LANGUAGES).map(({ open }) => open)).size).toBe(8)
})

test('a host’s own look takes the place of ours, and one that fails does not keep the mail back', async () => {
  let isBroken = false
  await using at = await mailRoom({
    render: ({ chatUrl, to }) => {
      if (isBroken) throw new Error('no template')
      return { subject: `Hi\r\nBcc: x@example.com ${to.id}`, text: chatUrl, html: `<p>ours</p>` }
    },
  })
  await at.reply('one')
  const own = await mailed(at)
  expect([own.mail.subject, own.html.trim()]).toEqual(['Hi Bcc: x@example.com alice', '<p>ours</p>'])
  isBroken = true
  await at.reply('two')
  expect((await mailed(at)).mail.subject).toBe('New reply from Fern & Fold Support')
})

test('[P6] what a visitor was not yet told of goes over to the user they turn out to be', async () => {
  await using at = await mailRoom()
  const visitor = { ...user('visitor:1'), role: 'visitor' as const, email: null }
  const { id } = await open(at.engine, visitor)
  await at.reply('to the visitor', id)
  await claimVisitorChat(at.engine, 'visitor:1', user('alice'))
  const { text } = await mailed(at)
  expect(text).toContain('to the visitor')
  expect(await at.decisions()).toMatchObject([{ state: 'sent', from_seq: 2, through_seq: 2 }])
})

test('an unsubscribe link asks when it is looked at and acts when it is posted to, without any sign-in', async () => {
  await using at = await httpDesk({ mailUrl: 'mailbox:', appName: 'Fern & Fold' })
  const chatId = await at.chat('alice', 'hello')
  const admin = await at.token('sam', { role: 'admin' })
  const { user_id } = (await (await at.ask(`/admin/chats/${chatId}`, { token: admin })).json()) as {
    user_id: string
  }
  const link = `/unsubscribe?key=${unsubscribeKeys(SECRET).keyOf(user_id)}`
  const asked = await at.ask(link)
  expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await asked.text()).toContain('Stop these e-mails?')
  expect(await (await at.ask(link)).text(), 'a scanner that looked changed nothing').toContain('Stop these')

  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = (body: string) =>
    at.desk.fetch(new Request(`http://desk.test/api${link}`, { method: 'POST', headers: form, body }))
  for (let time = 1; time <= 2; time++) {
    const done = await post('List-Unsubscribe=One-Click')
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('No more e-mails')])
  }
  expect(await (await post('again=1')).text()).toContain('E-mails are on again')
  const own = await at.token('alice')
  const prefer = (email: boolean) =>
    at.ask('/support_chat/notifications', { method: 'PATCH', body: { email }, token: own })
  expect((await prefer(false)).status).toBe(204)
  expect((await prefer(true)).status).toBe(204)
})

test('a key of another desk, another purpose or another user unsubscribes nobody', async () => {
  await using at = await httpDesk({ mailUrl: 'mailbox:' })
  await at.chat('alice', 'hello')
  const { keyOf } = unsubscribeKeys('another secret, which is long enough')
  const own = unsubscribeKeys(SECRET).keyOf('someone else')
  for (const key of [keyOf('alice'), own, `x.${own.split('.')[1]}`, '', 'a.b.c', await at.token('alice')]) {
    const { status } = await at.ask(`/unsubscribe?key=${encodeURIComponent(key).slice(0, 200)}`, {
      method: 'POST',
    })
    expect(status).toBe(404)
  }
})
