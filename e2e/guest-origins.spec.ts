import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ForeignSite, scriptTag, tell, test, tokenFor, troubleOf } from './foreign-site.ts'
import { expect, Visitor } from './people.ts'

/** What a page can reach of the desk by itself: the status of a call, of an event stream, and whether a socket opens. */
async function reach([api, cable, token]: string[]) {
  const call = (path: string) =>
    fetch(api + path, { headers: { authorization: `Bearer ${token}` } }).then(
      (response) => response.status,
      () => 'refused',
    )
  const socket = new WebSocket(cable ?? '', ['actioncable-v1-json', `deskbell-token.${token}`])
  const isOpen = new Promise((resolve) => {
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('refused')
  })
  return [await call('/support_chat'), await call('/support_chat/events'), await isOpen]
}

test('calls, event streams and sockets are for the pages that the operator allows, and for no others', async ({
  desk,
  host,
  page,
}) => {
  await using stranger = await ForeignSite.open()
  const addresses = [`${desk.url}/api`, `${desk.url.replace('http', 'ws')}/cable`, tokenFor('ann')]
  await page.goto(host.origin)
  expect(await page.evaluate(reach, addresses)).toEqual([200, 200, 'open'])
  await page.goto(stranger.origin)
  expect(await page.evaluate(reach, addresses)).toEqual(['refused', 'refused', 'refused'])
})

for (const attributes of ['data-visitor', `data-token="${tokenFor('ann')}"`]) {
  test(`on a page that is not allowed, a widget with ${attributes.split('=')[0]} says so and throws nothing`, async ({
    desk,
    page,
  }) => {
    await using stranger = await ForeignSite.open()
    stranger.body = scriptTag(desk, attributes)
    const errors: unknown[] = []
    page.on('pageerror', (error) => errors.push(error))
    const someone = new Visitor(page)
    await page.goto(stranger.origin)
    await someone.open()
    await someone.say('Can you hear me?')
    await expect(someone.panel.getByRole('status')).toContainText('Offline')
    await expect(someone.log.getByText('Can you hear me?')).toBeVisible()
    await tell(page, 'destroy')
    expect(errors).toEqual([])
  })
}

test('a widget that nobody is signed in to has no launcher', async ({ desk, host, page }) => {
  host.body = scriptTag(desk)
  const answer = page.waitForResponse(/summary/)
  await page.goto(host.origin)
  await answer
  await page.waitForLoadState('networkidle')
  await expect(page.locator('deskbell-chat')).toBeHidden()
  await tell(page, 'open')
  await expect(page.getByRole('dialog').getByText(/sign in/i)).toBeVisible()
})

for (const [setting, preferences] of [
  ['third-party cookies', { block_third_party_cookies: true, cookie_controls_mode: 1 }],
  ['all that sites may store', { default_content_setting_values: { cookies: 2 } }],
] as const) {
  test(`users and visitors write and are answered where the browser blocks ${setting}`, async ({
    desk,
    host,
    playwright,
    launchOptions,
    support,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-profile-'))
    mkdirSync(join(folder, 'Default'))
    writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile: preferences }))
    const sam = await support()
    const browser = await playwright.chromium.launchPersistentContext(folder, launchOptions)
    try {
      for (const attributes of ['data-visitor', `data-token="${tokenFor('ann')}"`]) {
        host.body = scriptTag(desk, attributes)
        const page = await browser.newPage()
        const trouble = troubleOf(page)
        const someone = new Visitor(page)
        await page.goto(host.origin)
        const question = `Asked with ${attributes.slice(0, 8)}`
        await someone.open()
        await someone.say(question)
        await sam.chats.getByText(question).click()
        await sam.say(`Answer to ${question}`)
        await expect(someone.log.getByText(`Answer to ${question}`)).toBeVisible()
        await tell(page, 'logout')
        expect(trouble).toEqual([])
        await page.close()
      }
    } finally {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}
