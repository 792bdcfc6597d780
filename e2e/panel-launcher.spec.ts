import { expect, type Guest, test } from './host-page.ts'

test('the launcher counts unread replies, "9+" above nine; opening reads them, Escape gives the focus back', async ({
  guest,
}) => {
  const alice = await guest({
    before: async (guest) => {
      await guest.wrote('Hello?')
      await guest.reply('1')
    },
  })
  const { launcher, panel, page } = alice
  await expect(launcher).toHaveAccessibleName('Open support chat, 1 unread message')
  await expect(launcher).toHaveText('1')
  await expect(launcher).toHaveAttribute('aria-expanded', 'false')
  await alice.reply(...'2345678')
  await expect(launcher).toHaveText('8')
  await alice.reply('9', '10')
  await expect(launcher).toHaveAccessibleName('Open support chat, 10 unread messages')
  await expect(launcher).toHaveText('9+')

  await expect
    .poll(() => launcher.boundingBox())
    .toEqual({ x: 1280 - 20 - 56, y: 800 - 20 - 56, width: 56, height: 56 })
  await launcher.click()
  await expect(launcher).toHaveAccessibleName('Close support chat')
  await expect(launcher).toHaveText('')
  await expect(launcher).toHaveAttribute('aria-expanded', 'true')
  await expect.poll(async () => (await alice.summary()).unread_count).toBe(0)
  await expect(alice.composer).toBeFocused()
  // It slides up.
  await expect
    .poll(() => panel.boundingBox())
    .toEqual({
      x: 1280 - 20 - 384,
      y: 800 - 88 - 640,
      width: 384,
      height: 640,
    })

  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(launcher).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(alice.composer).toBeFocused()
  await panel.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(launcher).toBeFocused()
})

test('everything can be done by keyboard, in the order of the eye', async ({ guest }) => {
  const alice = await guest()
  const { page, panel, log, composer } = alice
  await expect(alice.launcher).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(alice.launcher).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(composer).toBeFocused()
  await page.keyboard.type('See https://example.com')
  await page.keyboard.press('Tab')
  await expect(panel.getByRole('button', { name: 'Send' })).toBeFocused()
  await page.keyboard.press('Space')
  await expect(log.getByRole('link')).toHaveCount(1)
  await expect(composer).toBeFocused()
  const stops = [
    log.getByRole('link'),
    log,
    panel.getByRole('button', { name: 'Close', exact: true }),
    panel.getByRole('switch', { name: 'Sound' }),
  ]
  for (const stop of stops) {
    await page.keyboard.press('Shift+Tab')
    await expect(stop).toBeFocused()
    expect(await stop.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid')
  }
  await page.keyboard.press('Space')
  await expect(stops[3] ?? log).not.toBeChecked()
})

test('a greeting stores nothing, here or at the desk, until the first message', async ({ guest }) => {
  const alice = await guest()
  const traces = async () => [
    await alice.page.evaluate(() => localStorage.length + sessionStorage.length),
    (await alice.page.context().cookies()).length,
  ]
  await alice.open()
  await expect(alice.panel.getByRole('heading', { name: 'How can we help?' })).toBeVisible()
  await expect(alice.panel.getByText('a person from \u2068Fern & Fold\u2069 answers')).toBeVisible()
  await expect(alice.panel.getByRole('status').first()).toHaveText('Online')
  expect(await traces()).toEqual([0, 0])
  expect((await alice.summary()).exists).toBe(false)
  await alice.say('Hello')
  await expect(alice.log.getByText('Sent')).toBeVisible()
  expect((await alice.summary()).exists).toBe(true)
  await alice.call('logout')
  await expect.poll(traces).toEqual([0, 0])
})

/** Counts the strokes of the bell by its deepest tone. */
const listen = ({ page }: Guest) =>
  page.addInitScript(() => {
    const { start } = OscillatorNode.prototype
    Object.assign(window, { strokes: 0 })
    OscillatorNode.prototype.start = function (when) {
      if (this.frequency.value < 2_000) (window as unknown as { strokes: number }).strokes += 1
      start.call(this, when)
    }
  })

test('the bell rings once for a burst while the panel is closed: never on load, never when switched off', async ({
  guest,
}) => {
  const alice = await guest({
    before: async (guest) => {
      await listen(guest)
      await guest.wrote('Hello?')
      await guest.reply('before the visit')
    },
  })
  const { page, panel, launcher } = alice
  const strokes = () => page.evaluate(() => (window as unknown as { strokes: number }).strokes)
  // Bursts are told apart by the clock.
  let now = Date.now()
  const later = async () => {
    now += 60_000
    await page.clock.setFixedTime(now)
  }

  await expect(launcher).toHaveText('1')
  await alice.reply('while nobody has touched the page')
  await expect(launcher).toHaveText('2')
  expect(await strokes()).toBe(0)

  await alice.open()
  await later()
  await alice.reply('seen as it comes')
  await expect(alice.log.getByText('seen as it comes')).toBeVisible()
  expect(await strokes()).toBe(0)

  await page.keyboard.press('Escape')
  await later()
  await alice.reply('one', 'two', 'three')
  await expect(launcher).toHaveText('3')
  await expect.poll(strokes).toBe(1)

  await alice.open()
  const sound = panel.getByRole('switch', { name: 'Sound' })
  await expect(sound).toBeChecked()
  await sound.click()
  await page.reload()
  await alice.open()
  await expect(sound).not.toBeChecked()
  await page.keyboard.press('Escape')
  await alice.reply('in silence')
  await expect(launcher).toHaveText('1')
  expect(await strokes()).toBe(0)
  await alice.open()
  await sound.click()
  await page.keyboard.press('Escape')
  await later()
  await alice.reply('and aloud')
  await expect.poll(strokes).toBe(1)
})
