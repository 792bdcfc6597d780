import { expect, test } from './people.ts'

test('[P4] the dot tells the truth when the desk goes away, and what was written meanwhile arrives once', async ({
  desk,
  visit,
  support,
}) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('before')
  await sam.chat('alice@example.com').click()
  await expect(sam.log.getByText('before', { exact: true })).toBeVisible()
  const status = alice.panel.getByRole('status').filter({ hasText: /Online|Connecting|Offline/ })
  await expect(status).toContainText('Online')

  await desk.goAway('SIGKILL')
  await expect(status).not.toContainText('Online', { timeout: 15_000 })
  await alice.say('while it was away')
  await expect(alice.log.getByText('while it was away')).toBeVisible()

  await desk.comeBack()
  await expect(status).toContainText('Online')
  await expect(sam.log.getByText('while it was away')).toHaveCount(1)
  await sam.say('got it')
  await expect(alice.log.getByText('got it')).toHaveCount(1)
  await expect(alice.log.getByText('while it was away')).toHaveCount(1)
})

test('[P3] a message written just before a reload is sent once', async ({ desk, visit, support }) => {
  const alice = await visit('alice')
  await alice.open()
  await alice.say('first')
  await expect(alice.log.getByText('first', { exact: true })).toBeVisible()
  await alice.page.context().setOffline(true)
  await desk.goAway('SIGKILL')
  await alice.say('on its way')
  await expect(alice.log.getByText('on its way')).toBeVisible()
  await desk.comeBack()
  await alice.page.context().setOffline(false)
  await alice.page.reload()
  await alice.open()
  await expect(alice.log.getByText('on its way')).toHaveCount(1)

  const sam = await support()
  await sam.chat('alice@example.com').click()
  await expect(sam.log.getByText('on its way')).toHaveCount(1)
})
