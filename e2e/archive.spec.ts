import { expect, test } from './people.ts'

test('a chat is archived, restored with undo, and brought back by a new message', async ({
  visit,
  support,
}) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('First question')
  const row = sam.chat('alice@example.com')
  await row.click()

  await sam.page.getByRole('button', { name: 'Archive', exact: true }).click()
  await expect(row).toBeHidden()
  await sam.page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toBeVisible()

  await sam.page.getByRole('button', { name: 'Archive', exact: true }).click()
  await expect(row).toBeHidden()
  await sam.page.getByRole('tab', { name: 'Archived' }).click()
  await expect(sam.page).toHaveURL(/archived=true/)
  await expect(row).toBeVisible()

  await alice.say('One more thing')
  await expect(row).toBeHidden()
  await sam.page.getByRole('tab', { name: 'Active' }).click()
  await expect(row).toContainText('One more thing')
})

test('an archived chat is restored by an admin', async ({ visit, support }) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('Hello')
  await sam.chat('alice@example.com').click()
  await sam.page.getByRole('button', { name: 'Archive', exact: true }).click()
  await sam.page.getByRole('tab', { name: 'Archived' }).click()
  await sam.chat('alice@example.com').click()
  await sam.page.getByRole('button', { name: 'Restore', exact: true }).click()
  await sam.page.getByRole('tab', { name: 'Active' }).click()
  await expect(sam.chat('alice@example.com')).toBeVisible()
})
