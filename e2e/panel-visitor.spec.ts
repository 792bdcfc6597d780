import { expect, test } from './host-page.ts'

test('a visitor is asked for an address after the first message, may answer, and changes a slip', async ({
  stranger,
}) => {
  const visitor = await stranger()
  const { panel, page, log, composer } = visitor
  const question = panel.getByRole('form', { name: 'Leave your e-mail address' })
  const email = panel.getByRole('textbox', { name: 'E-mail' })
  const save = panel.getByRole('button', { name: 'Save' })
  await visitor.open()
  await expect(panel.getByText('How can we help?')).toBeVisible()
  await expect(question).toHaveCount(0)
  await visitor.say('Do you ship to Iceland?')
  await expect(question).toBeInViewport()
  await expect(composer).toBeFocused()

  await email.fill('nobody')
  await save.click()
  await expect(panel.getByRole('alert')).toHaveText(/such as name@example.com/)
  await expect(email).toHaveAttribute('aria-invalid', 'true')
  await expect(email).toBeFocused()
  await email.fill('ann@exmaple.com')
  await save.click()
  await expect(panel.getByText(/we’ll write to \u2068?ann@exmaple.com/)).toBeVisible()
  await expect(composer).toBeFocused()
  await panel.getByRole('button', { name: 'Change' }).click()
  await expect(email).toHaveValue('ann@exmaple.com')
  await email.fill('ann@example.com')
  await email.press('Enter')
  await expect(panel.getByText(/we’ll write to \u2068?ann@example.com/)).toBeVisible()

  await page.reload()
  await visitor.open()
  await expect(log.getByText('Do you ship')).toBeVisible()
  await visitor.say('Thanks')
  await expect(log.getByText('Thanks')).toBeVisible()
  await expect(question).toHaveCount(0)
})

test('a visitor who declines is not asked again', async ({ stranger }) => {
  const visitor = await stranger()
  const { panel, page, log, composer } = visitor
  const question = panel.getByRole('form', { name: 'Leave your e-mail address' })
  await visitor.open()
  await visitor.say('Just a question')
  await panel.getByRole('button', { name: 'No, thanks' }).click()
  await expect(question).toHaveCount(0)
  await expect(composer).toBeFocused()
  await visitor.say('And another')
  await page.reload()
  await visitor.open()
  await expect(log.getByText('And another')).toBeVisible()
  await visitor.say('And a third')
  await expect(log.getByText('And a third')).toBeVisible()
  await expect(question).toHaveCount(0)
})

test('where the operator says so, the address comes first, and is stored with the first message', async ({
  stranger,
}) => {
  const visitor = await stranger({ attributes: { 'require-email': '' } })
  const { panel, page, composer, log } = visitor
  const email = panel.getByRole('textbox', { name: 'E-mail' })
  await visitor.open()
  await expect(email).toBeFocused()
  await expect(composer).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('alert')).toHaveText(/such as name@example.com/)
  await email.fill('ann@example.com')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await panel.getByRole('button', { name: 'Continue' }).click()
  await expect(composer).toBeFocused()
  expect(asked).toEqual([])
  await visitor.say('Hello')
  await expect(log.getByText('Sent')).toBeVisible()
  await expect(panel.getByText(/we’ll write to \u2068?ann@example.com/)).toBeVisible()
})

test('who has to sign in first is told so, and finds no composer that leads nowhere', async ({ guest }) => {
  const nobody = await guest({ attributes: { token: 'not a token' } })
  const { panel, page, composer, launcher } = nobody
  await nobody.call('open')
  await expect(panel.getByText('Sign in to write to us.')).toBeVisible()
  await expect(composer).toHaveCount(0)
  await expect(panel).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(launcher).toBeFocused()
})

test('while the chat loads there is a sketch of it, then why it is not there, then the chat', async ({
  guest,
}) => {
  const alice = await guest({ before: (guest) => guest.wrote('Where is it?') })
  const { panel, page, log, composer } = alice
  const status = panel.getByRole('status').first()
  await expect(alice.launcher).toBeVisible()
  let fail = () => {}
  const failure = new Promise<void>((resolve) => {
    fail = resolve
  })
  await page.route('**/api/support_chat', (route) => failure.then(() => route.abort()))
  await alice.open()
  await expect(panel.getByText('Loading your messages…')).toBeAttached()
  await expect(panel.locator('.waiting')).toBeVisible()
  await expect(status).toHaveText('Connecting…')
  await composer.fill('written meanwhile')
  fail()
  await expect(panel.getByText('We can’t be reached right now. We keep trying.')).toBeVisible()
  await expect(status).toHaveText(/^Offline/)
  await composer.press('Enter')
  await page.unroute('**/api/support_chat')
  await expect(log.getByText('Where is it?')).toBeVisible()
  await expect(log.getByText('written meanwhile')).toHaveCount(1)
  await expect(status).toHaveText('Online')
})
