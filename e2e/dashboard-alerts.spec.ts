import type { Page } from '@playwright/test'
import { WHOLE_BROWSER } from './browsers.ts'
import { expect, test } from './people.ts'

// In the shell of the browser the second source of sound on a page stays silent.
test.use({ launchOptions: WHOLE_BROWSER })

/** Counts what is shown on the desktop: a browser without a screen shows nothing. */
async function recordNotifications(page: Page): Promise<void> {
  await page.addInitScript(() => {
    class Recorded extends EventTarget {
      static permission = 'default'
      static async requestPermission() {
        Recorded.permission = 'granted'
        return Recorded.permission
      }
      onclick: (() => void) | null = null
      constructor(title: string, options: NotificationOptions) {
        super()
        shown.push({ title, body: options.body ?? '', click: () => this.onclick?.() })
      }
      close() {}
    }
    const shown: { title: string; body: string; click(): void }[] = []
    Object.assign(window, { Notification: Recorded, shownNotifications: shown })
  })
}

/** Counts the bells, each of which is three tones: a browser without loudspeakers plays nothing. */
async function recordBells(page: Page): Promise<void> {
  await page.addInitScript(() => {
    class Recorded extends OscillatorNode {
      override start(when?: number) {
        tones.push(when ?? 0)
        super.start(when)
      }
    }
    const tones: number[] = []
    Object.assign(window, { OscillatorNode: Recorded, tones })
  })
}

const bellsOn = (page: Page) => page.evaluate(() => ((window as { tones?: number[] }).tones?.length ?? 0) / 3)

type Recording = Window & { shownNotifications?: { title: string; body: string; click(): void }[] }

const shownOn = (page: Page) =>
  page.evaluate(() => (window as Recording).shownNotifications?.map(({ title, body }) => `${title}: ${body}`))

test('sound and desktop notifications are off until asked for, come from one window, and lead to the chat', async ({
  visit,
  support,
}) => {
  const [alice, bob, sam] = [await visit('alice'), await visit('bob'), await support()]
  const windows = [sam.page, await sam.page.context().newPage()]
  for (const page of windows) {
    await recordNotifications(page)
    await recordBells(page)
    await page.goto(new URL('/admin/chats', sam.page.url()).href)
    await page.getByRole('heading', { name: 'Support Chats' }).waitFor()
  }
  await alice.open()
  await alice.say('Nobody has asked to be told')
  await expect(sam.chat('alice@example.com')).toBeVisible()
  for (const page of windows) expect([await shownOn(page), await bellsOn(page)]).toEqual([[], 0])

  await sam.page.getByRole('button', { name: 'Settings' }).click()
  const alerts = sam.page.getByRole('switch', { name: 'Desktop notifications' })
  await expect(alerts).not.toBeChecked()
  await alerts.click()
  await expect(alerts).toBeChecked()
  const sound = sam.page.getByRole('switch', { name: 'Sound' })
  await expect(sound).not.toBeChecked()
  await sound.click()
  await expect(sound).toBeChecked()
  // One to hear what it is like.
  await expect.poll(() => bellsOn(sam.page)).toBe(1)
  await sam.page.keyboard.press('Escape')
  await windows[1]?.evaluate(() => Notification.requestPermission())

  await sam.chat('alice@example.com').click()
  await expect(sam.log.getByText('Nobody has asked')).toBeVisible()
  await alice.say('This is being looked at')
  await expect(sam.log.getByText('This is being looked at')).toBeVisible()
  // Browsers are silent until someone has touched the page; by now both windows know that sound is wanted.
  for (const page of windows) await page.getByRole('heading', { level: 1 }).click()
  await bob.open()
  await bob.say('And this is not')
  const bells = async () => (await Promise.all(windows.map(bellsOn))).reduce((a, b) => a + b)
  await expect.poll(bells).toBe(2)
  const told = async () => (await Promise.all(windows.map(shownOn))).map((shown) => shown ?? [])
  await expect.poll(async () => (await told()).flat()).toEqual(['Bob: And this is not'])

  const teller = windows[(await told()).findIndex((shown) => shown.length > 0)] ?? sam.page
  await teller.evaluate(() => (window as Recording).shownNotifications?.[0]?.click())
  const log = teller.getByRole('log', { name: 'Messages' })
  await expect(log.getByText('And this is not')).toBeVisible()
  // One bell for the whole burst, and none for what is being looked at.
  await bob.say('Really not')
  await expect(log.getByText('Really not')).toBeVisible()
  expect(await bells()).toBe(2)
})
