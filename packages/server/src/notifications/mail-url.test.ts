import { expect, test } from 'vitest'
import { createDesk } from '../desk.ts'
import { SettingsError } from '../settings.ts'
import { mailRoute } from './mail-url.ts'
import { sesPassword } from './ses-password.ts'

test('each provider is reached at its own SMTP endpoint, never without TLS', () => {
  const TLS = { requireTLS: true, secure: false, ignoreTLS: false, port: 587 }
  expect(mailRoute('postmark://To-Ken')).toEqual({
    host: 'smtp.postmarkapp.com',
    auth: { user: 'To-Ken', pass: 'To-Ken' },
    ...TLS,
  })
  expect(mailRoute('sendgrid://SG.ab_c.d-e')).toEqual({
    host: 'smtp.sendgrid.net',
    auth: { user: 'apikey', pass: 'SG.ab_c.d-e' },
    ...TLS,
  })
  expect(mailRoute('resend://re_Key')).toEqual({
    host: 'smtp.resend.com',
    auth: { user: 'resend', pass: 're_Key' },
    ...TLS,
    port: 465,
    secure: true,
    requireTLS: false,
  })
  const ses = { host: 'email-smtp.eu-central-1.amazonaws.com', ...TLS }
  const auth = { user: 'AKIAEXAMPLE', pass: sesPassword('se/cr+et', 'eu-central-1') }
  expect(mailRoute('ses://AKIAEXAMPLE:se/cr+et@eu-central-1')).toEqual({ ...ses, auth })
  expect(mailRoute('ses://AKIAEXAMPLE:se%2Fcr%2Bet@eu-central-1')).toEqual({ ...ses, auth })
})

// What others derive from these secrets, and Amazon takes.
test.each([
  ['eu-central-1', 'some+secret+key', 'BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2'],
  ['eu-central-1', 'another+secret+key', 'BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh'],
  ['us-west-1', 'some+secret+key', 'BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj'],
  ['us-west-1', 'another+secret+key', 'BKVmjjMDFk/qqw8EROW99bjCS65PF8WKvK5bSr4Y6EqF'],
])('Amazon’s SMTP password is derived for %s', (region, secret, password) => {
  expect(sesPassword(secret, region)).toBe(password)
})

test('a password crosses a network with TLS only, unless the operator says otherwise', () => {
  expect(mailRoute('smtp://u%40x:p%3Aw@mail.example')).toMatchObject({
    host: 'mail.example',
    port: 587,
    secure: false,
    requireTLS: true,
    auth: { user: 'u@x', pass: 'p:w' },
  })
  expect(mailRoute('smtp://u:p@mail.example:2525?tls=off')).toMatchObject({
    port: 2525,
    requireTLS: false,
    ignoreTLS: true,
  })
  expect(mailRoute('smtp://mail.example')).toMatchObject({ requireTLS: false, ignoreTLS: false })
  expect(mailRoute('smtp://u:p@localhost')).toMatchObject({
    requireTLS: false,
    tls: { rejectUnauthorized: false },
  })
  expect(mailRoute('smtps://u:p@mail.example')).toMatchObject({ port: 465, secure: true })
  expect(mailRoute('smtps://u:p@mail.example')).not.toHaveProperty('tls')
})

test.each(['smtp://', 'smtp://h/path', 'smtp://h?tls=maybe', 'smtp://h?port=1', 'ses://KEY@eu-west-1'])(
  '%s names no mail server',
  (url) => expect(mailRoute(url)).toBeNull(),
)

test('a desk that would send mails without a sender or with dead links does not start', () => {
  const problems = (options: object) => {
    try {
      createDesk({ databaseUrl: 'sqlite::memory:', logLevel: 'silent', ...options })
    } catch (error) {
      if (error instanceof SettingsError) return error.message
      throw error
    }
    return 'none'
  }
  const told = problems({ mailUrl: 'smtp://mail.example' })
  for (const name of ['DESKBELL_SECRET', 'MAIL_FROM', 'PUBLIC_URL']) expect(told).toContain(name)
  expect(problems({ mailUrl: 'mail' })).toContain('postmark://TOKEN')
})
