import { readFileSync } from 'node:fs'
import { expect, test } from './people.ts'

/** What the size limit of the inbox leaves out, because it is for later. */
function filesForLater(): string[] {
  const limits = JSON.parse(readFileSync(new URL('../.size-limit.json', import.meta.url), 'utf8'))
  const { path } = limits.find(({ name }: { name: string }) => name.startsWith('dashboard'))
  const [, names = ''] = /^!.*\{(.*)\}/.exec(path.at(-1)) ?? []
  return names.split(',')
}

test('the inbox loads no script that its size limit does not count', async ({ support }) => {
  const { page } = await support()
  const scripts: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url().split('/').at(-1) ?? '')
  })
  await page.reload()
  await page.getByText('All quiet').waitFor()
  const later = filesForLater()
  expect(later).toContain('overlay')
  expect(scripts.filter((script) => later.some((name) => script.startsWith(`${name}-`)))).toEqual([])
  expect(scripts).not.toEqual([])
})

test('nobody is told to choose from an empty list', async ({ visit, support }) => {
  const { page, chats } = await support()
  await page.getByText('All quiet').waitFor()
  await expect(page.getByRole('heading', { name: 'No chat is open' })).toBeVisible()
  await expect(page.getByText('Choose one from the list.')).toBeHidden()
  const alice = await visit('alice')
  await alice.open()
  await alice.say('Where is my fern?')
  await expect(chats.getByText('Where is my fern?')).toBeVisible()
  await expect(page.getByText('Choose one from the list.')).toBeVisible()
})

test('the chats are asked for before it is known who is there', async ({ visit, support }) => {
  const alice = await visit('alice')
  await alice.open()
  await alice.say('Where is my fern?')
  const { page, chats } = await support()
  const asked = page.waitForRequest('**/api/admin/chats?*')
  await page.route('**/api/admin/me', async (route) => {
    await asked
    await route.continue()
  })
  await page.reload()
  await expect(chats.getByText('Where is my fern?')).toBeVisible()
})
