import { readFile } from 'node:fs/promises'
import { DemoDesk } from './demo-desk.ts'
import { DESKBELL_SECRET, HostUser } from './host-user.ts'
import { expect, test as people } from './people.ts'

const test = people.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET })
    await use(desk)
    await desk.remove()
  },
})

test('what is known of a user is shown, saved as a file, and erased once their address was typed', async ({
  desk,
  support,
  colleague,
}) => {
  const [sam, rita] = [await support(), await colleague()]
  const traits = { plan: 'Pro', seats: 3, page: 'https://shop.example/ferns' }
  const claims = { sub: 'customer-7', email: 'carol@example.com', name: 'Carol', traits }
  await HostUser.writes(desk, claims, 'Please forget me')
  await sam.chat('carol@example.com').click()
  await sam.log.getByText('Please forget me').waitFor()
  await rita.chat('carol@example.com').click()

  const details = sam.page.getByRole('region', { name: 'User details' })
  await sam.page.setViewportSize({ width: 1440, height: 900 })
  for (const fact of ['carol@example.com', 'Carol', 'customer-7', 'plan', 'Pro', 'seats', '3']) {
    await expect(details.getByText(fact, { exact: true }).first()).toBeVisible()
  }
  await expect(details.getByRole('link', { name: 'https://shop.example/ferns' })).toBeVisible()
  const saving = sam.page.waitForEvent('download')
  await details.getByRole('button', { name: 'Export' }).click()
  const saved = JSON.parse(await readFile(await (await saving).path(), 'utf8'))
  expect(saved).toMatchObject({ user: { traits }, messages: [{ content: 'Please forget me' }] })

  // Where there is no room beside the conversation, the same is one button away.
  const more = sam.page.getByRole('button', { name: 'User details' })
  const drawer = sam.page.getByRole('dialog', { name: 'User details' })
  for (const width of [1279, 1024]) {
    await sam.page.setViewportSize({ width, height: 800 })
    await expect(details).toBeHidden()
    await more.click()
    await expect(drawer.getByText('customer-7', { exact: true })).toBeInViewport()
    await sam.page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
    await expect(more).toBeFocused()
    await expect(sam.chat('carol@example.com')).toBeInViewport()
  }
  await sam.page.setViewportSize({ width: 390, height: 844 })
  await more.click()
  await drawer.getByRole('button', { name: 'Erase…' }).click()
  const question = sam.page.getByRole('dialog', { name: 'Erase this user?' })
  const erase = question.getByRole('button', { name: 'Erase for good' })
  await question.getByRole('textbox').fill('carol@example')
  await expect(erase).toBeDisabled()
  await question.getByRole('textbox').fill('carol@example.com')
  await sam.page.route('**/api/admin/users/*', (route) => route.abort())
  await erase.click()
  await expect(question.getByRole('alert')).toHaveText('Erasing did not work. Nothing is gone.')
  await sam.page.unroute('**/api/admin/users/*')
  await erase.click()
  await expect(sam.page.getByText('The user was erased')).toBeVisible()
  await expect(sam.page).toHaveURL(/\/admin\/chats$/)
  await expect(sam.page.getByRole('heading', { name: 'All quiet' })).toBeVisible()
  await expect(rita.page.getByRole('heading', { name: 'There is no such chat' })).toBeVisible()
})

test('an admin changes name and password, and signs out everywhere', async ({ desk, colleague }) => {
  const [rita, elsewhere] = [await colleague(), await colleague()]
  await rita.page.getByRole('button', { name: 'Your account' }).click()
  const account = rita.page.getByRole('dialog', { name: 'Your account' })
  await account.getByRole('textbox', { name: 'Name' }).fill('Rita')
  await account.getByRole('button', { name: 'Save the name' }).click()
  await expect(rita.page.getByText('Your name was changed')).toBeVisible()
  await expect(rita.page.getByRole('button', { name: 'Your account', includeHidden: true })).toContainText(
    'Rita',
  )

  const change = async (current: string, next: string) => {
    await account.getByLabel('Current password').fill(current)
    await account.getByLabel('New password').fill(next)
    await account.getByRole('button', { name: 'Change the password' }).click()
  }
  await change('a calm password', 'short')
  await expect(account.getByRole('alert').filter({ hasText: 'At least 8' })).toBeVisible()
  await change('not my password', 'another calm password')
  await expect(account.getByText('The current password is not right.')).toBeVisible()
  await change('a calm password', 'another calm password')
  await expect(rita.page.getByText('Your password was changed')).toBeVisible()
  // Whoever knew the old one is out.
  await expect(elsewhere.page.getByRole('button', { name: 'Sign in' })).toBeVisible()

  const window = await rita.page.context().newPage()
  await window.goto(`${desk.url}/admin/chats`)
  await window.getByRole('heading', { name: 'Support Chats' }).waitFor()
  await account.getByRole('button', { name: 'Sign out everywhere' }).click()
  for (const page of [rita.page, window]) {
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  }
  await rita.page.getByLabel('E-mail').fill('sam@example.com')
  await rita.page.getByLabel('Password').fill('another calm password')
  await rita.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(rita.page.getByRole('button', { name: 'Your account' })).toContainText('Rita')
})
