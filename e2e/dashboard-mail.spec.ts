import { MailServer } from '../packages/server/src/testing/mail-server.ts'
import { DemoDesk } from './demo-desk.ts'
import { DESKBELL_SECRET, HostUser } from './host-user.ts'
import { expect, expectAccessible, test as people } from './people.ts'

const test = people.extend<{ mailServer: MailServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  mailServer: async ({}, use) => {
    await using server = await MailServer.start()
    await use(server)
  },
  desk: async ({ mailServer }, use) => {
    const mail = { MAIL_URL: mailServer.url, MAIL_FROM: 'support@fern.example', NOTIFY_AFTER: '2s' }
    const desk = await DemoDesk.start((url) => ({
      DESKBELL_SECRET,
      PUBLIC_URL: url,
      LOG_LEVEL: 'error',
      ...mail,
    }))
    await use(desk)
    await desk.remove()
  },
})

test('what became of each e-mail stands under its message, live; a refused address can be written to again', async ({
  desk,
  mailServer,
  support,
}) => {
  const claims = { sub: 'carol', email: 'carol@example.com', name: 'Carol' }
  const carol = await HostUser.writes(desk, claims, 'Is it in stock?')
  const sam = await support()
  await sam.page.setViewportSize({ width: 1440, height: 1000 })
  await sam.chat('carol@example.com').click()
  const details = sam.page.getByRole('region', { name: 'User details' })
  const isSaid = (text: string | RegExp) => expect(sam.log.getByText(text)).toBeVisible()

  mailServer.mode = '550'
  await sam.say('Yes, it is.')
  await isSaid('E-mail in 1 minute')
  await isSaid(/^Could not be delivered: .*550 5\.1\.1 No such user here/)
  await expect(details.getByText(/^This address refused an e-mail on /)).toBeVisible()
  await sam.say('And in blue.')
  await isSaid('Not e-mailed: the address refused an earlier e-mail')

  mailServer.mode = 'normal'
  const allow = details.getByRole('button', { name: 'Send e-mails again' })
  await sam.page.route('**/allow_mail', (route) => route.abort())
  await allow.click()
  await expect(sam.page.getByText('That did not work. No e-mails are sent to this address.')).toBeVisible()
  await sam.page.unroute('**/allow_mail')
  await sam.page.getByRole('button', { name: 'Retry' }).click()
  await expect(allow).toBeHidden()
  await sam.say('Shall I keep one for you?')
  await isSaid(/^E-mailed \d/)

  await sam.say('It is the last one.')
  await isSaid('E-mail in 1 minute')
  await carol.read()
  await isSaid(/^Not e-mailed: read at \d/)
  await carol.unsubscribe()
  await expect(details.getByText(/^Unsubscribed from e-mails on /)).toBeVisible()
  await sam.say('Kept.')
  await isSaid('Not e-mailed: the user has unsubscribed')

  for (const colorScheme of ['light', 'dark'] as const) {
    await sam.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectAccessible(sam.page)
  }
})
