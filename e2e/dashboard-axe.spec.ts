import { DemoDesk } from './demo-desk.ts'
import { DESKBELL_SECRET, HostUser } from './host-user.ts'
import { expectAccessible, test as people } from './people.ts'

const test = people.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET })
    await use(desk)
    await desk.remove()
  },
})

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  test(`search, details, dialogs and failures are accessible, ${colorScheme} at ${width} px`, async ({
    desk,
    support,
  }) => {
    const claims = { sub: 'carol', email: 'carol@example.com', name: 'Carol', traits: { plan: 'Pro' } }
    await HostUser.writes(desk, claims, 'Where is my fern? https://example.com')
    const { page, chat } = await support().then((sam) => ({ page: sam.page, chat: sam.chat('carol@') }))
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    const isAccessible = () => expectAccessible(page)

    for (const name of ['Settings', 'Keyboard shortcuts', 'Your account']) {
      await page.getByRole('button', { name }).click()
      await page.getByRole('dialog', { name }).waitFor()
      await isAccessible()
      await page.keyboard.press('Escape')
    }
    await page.getByRole('textbox', { name: 'Search' }).fill('fern')
    await page.locator('mark').waitFor()
    await isAccessible()
    await page.getByRole('textbox', { name: 'Search' }).press('Escape')
    await chat.click()
    await page.getByRole('log').getByText('Where is my fern?').waitFor()
    if (width < 1280) await page.getByRole('button', { name: 'User details' }).click()
    await page.getByText('Pro', { exact: true }).last().waitFor()
    await isAccessible()
    await page.getByRole('button', { name: 'Erase…' }).click()
    await page.getByRole('dialog', { name: 'Erase this user?' }).waitFor()
    await isAccessible()
    await page.reload()
    await page.route('**/archive', (route) => route.abort())
    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    await page.getByText('The chat could not be archived.').waitFor()
    await isAccessible()

    await page.route(/chats\?/, (route) => route.fulfill({ status: 403, json: { code: 'forbidden' } }))
    await page.evaluate(() => localStorage.setItem('deskbell:language', 'ar'))
    await page.goto(`${desk.url}/admin/chats`)
    await page.getByRole('heading', { name: 'تعذّر تحميل المحادثات.' }).waitFor()
    await desk.goAway('SIGKILL')
    await page.getByRole('alert').getByText('انقطع الاتصال').waitFor()
    await isAccessible()
  })
}
