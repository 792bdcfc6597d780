import { ADMIN } from './demo-desk.ts'
import { expect, test } from './people.ts'

test('an admin signs in with e-mail and password, and signs out', async ({ desk, page }) => {
  await page.goto(`${desk.url}/admin/chats`)
  await page.getByLabel('E-mail').fill(ADMIN.email)
  await page.getByLabel('Password').fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('not right')
  const refusal = await alert.innerText()

  await page.getByLabel('E-mail').fill('nobody@example.com')
  await page.getByLabel('Password').fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(alert).toBeEmpty()
  await expect(alert).toHaveText(refusal)

  await page.getByLabel('E-mail').fill(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Support Chats' })).toBeVisible()
  await expect(page).toHaveURL(/\/admin\/chats$/)
})

test('[P7] signing out ends what other windows of the session receive', async ({ desk, visit, support }) => {
  const sam = await support()
  const other = await sam.page.context().newPage()
  await other.goto(`${desk.url}/admin/chats`)
  await other.getByRole('heading', { name: 'Support Chats' }).waitFor()
  await sam.page.getByRole('button', { name: 'Sign out' }).click()
  await expect(sam.page.getByRole('button', { name: 'Sign in' })).toBeVisible()

  const alice = await visit('alice')
  await alice.open()
  await alice.say('Nobody of that session may read this')
  await expect(alice.log.getByText('Nobody of that session')).toBeVisible()
  await expect(other.getByText('Nobody of that session')).toHaveCount(0)
})
