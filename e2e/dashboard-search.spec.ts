import { DemoDesk } from './demo-desk.ts'
import { DESKBELL_SECRET, HostUser } from './host-user.ts'
import { expect, test as people } from './people.ts'

const test = people.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET, RATE_LIMIT: '0' })
    await use(desk)
    await desk.remove()
  },
})

test('what is searched for is found as it is typed, marked, and followed to its message', async ({
  desk,
  support,
}) => {
  const chatter = Array.from({ length: 120 }, (_, index) => `line ${index}`)
  const write = (name: string, ...texts: string[]) =>
    HostUser.writes(desk, { sub: name, email: `${name}@example.com`, name }, ...texts)
  await write('alice', 'I want a <b>refund</b> for the fern', ...chatter)
  await write('bob', 'The refund has come, thank you')
  await write('carol', 'Good morning')
  const sam = await support()
  const field = sam.page.getByRole('textbox', { name: 'Search' })
  const results = sam.page.getByRole('list', { name: 'Search results' })

  await sam.page.keyboard.press('/')
  await sam.page.keyboard.type('refund')
  await expect(results.locator('mark')).toHaveText(['refund', 'refund'])
  await expect(results.getByRole('link', { name: 'I want a <b>refund</b> for the fern' })).toBeVisible()
  await expect(sam.page.getByText('2 results')).toBeVisible()
  await sam.page.keyboard.press('ArrowDown')
  for (const key of ['j', 'j', 'k', 'j', 'j']) await sam.page.keyboard.press(key)
  await expect(results.getByRole('link', { name: /for the fern/ })).toBeFocused()
  await sam.page.keyboard.press('Enter')

  const found = sam.log.getByText('I want a <b>refund</b> for the fern')
  await expect(found).toBeInViewport()
  await expect(found).toHaveAttribute('data-found')
  await expect(sam.page).toHaveURL(/q=refund.*message=1|message=1.*q=refund/)
  await sam.page.reload()
  await expect(found).toBeInViewport()
  await expect(results.locator('mark').first()).toBeVisible()

  await field.fill('carol')
  await expect(results.getByRole('link')).toHaveCount(1)
  await expect(results.locator('mark').first()).toHaveText('carol')
  await field.fill('nothing of the kind')
  await expect(sam.page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()

  await sam.page.route('**/api/admin/search?**', (route) => route.abort())
  await field.fill('fern')
  await expect(sam.page.getByRole('heading', { name: 'The search did not work.' })).toBeVisible()
  await sam.page.unroute('**/api/admin/search?**')
  await sam.page.getByRole('button', { name: 'Try again' }).click()
  await expect(results.locator('mark')).toHaveText('fern')

  await field.press('Escape')
  await expect(sam.chat('carol@example.com')).toBeVisible()
  await sam.page.goBack()
  await expect(field).toHaveValue('fern')
})
