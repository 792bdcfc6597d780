import { devices } from '@playwright/test'
import { expect, test } from './host-page.ts'

const { defaultBrowserType: _, ...phone } = devices['Pixel 7']
const upright = { ...phone, viewport: { width: 390, height: 844 } }

test('on a phone the panel is the whole screen, the page rests, and Tab goes round in the panel', async ({
  guest,
}) => {
  const alice = await guest({ browser: upright })
  const { page, panel, launcher, composer } = alice
  const overflow = () => page.evaluate(() => getComputedStyle(document.documentElement).overflowY)
  await expect(launcher).toBeVisible()
  await launcher.tap()
  await expect(composer).toBeFocused()
  await expect.poll(() => panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
  await expect(panel).toHaveAttribute('aria-modal', 'true')
  await expect(page.locator('.launcher')).toBeHidden()
  await expect.poll(overflow).toBe('hidden')
  await expect(composer).toHaveCSS('font-size', '16px')
  for (const control of await panel.locator('button, textarea').all()) {
    const { width, height } = (await control.boundingBox()) ?? { width: 0, height: 0 }
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
  }

  const sound = panel.getByRole('switch', { name: 'Sound' })
  const seen: string[] = []
  for (let stops = 0; stops < 6; stops++) {
    await page.keyboard.press('Tab')
    seen.push((await panel.locator(':focus').getAttribute('aria-label')) ?? '')
  }
  expect(seen).toEqual(['Sound', 'Close', 'Messages', 'Message', 'Sound', 'Close'])
  await sound.focus()
  await page.keyboard.press('Shift+Tab')
  await expect(composer).toBeFocused()

  await panel.getByRole('button', { name: 'Close', exact: true }).tap()
  await expect(panel).toBeHidden()
  await expect(launcher).toBeFocused()
  expect(await overflow()).toBe('visible')
})

test('above an on-screen keyboard the composer and the newest message stay in sight', async ({ guest }) => {
  const alice = await guest({
    browser: upright,
    before: (guest) => guest.wrote(...Array.from({ length: 30 }, (_, number) => `message ${number}`)),
  })
  const { page, panel, log, composer } = alice
  await alice.open()
  await expect(log.getByText('message 29', { exact: true })).toBeInViewport()
  const keyboard = (top: number, height: number) =>
    page.evaluate(
      ([top, height]) => {
        const viewport = window.visualViewport
        if (!viewport) throw new Error('no visual viewport')
        Object.defineProperties(viewport, {
          height: { value: height, configurable: true },
          offsetTop: { value: top, configurable: true },
        })
        viewport.dispatchEvent(new Event('resize'))
      },
      [top, height],
    )
  // Once the panel follows the viewport at all.
  await expect(panel).toHaveAttribute('style', /height/)
  await keyboard(20, 500)
  await expect.poll(() => panel.boundingBox()).toEqual({ x: 0, y: 20, width: 390, height: 500 })
  const bottom = async () =>
    ((await composer.boundingBox())?.y ?? 0) + ((await composer.boundingBox())?.height ?? 0)
  expect(await bottom()).toBeLessThanOrEqual(520)
  await expect
    .poll(
      async () =>
        ((await log.getByText('message 29', { exact: true }).boundingBox())?.y ?? 999) < (await bottom()),
    )
    .toBe(true)
  await keyboard(0, 844)
  await expect.poll(() => panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
})

test('it fills a phone on its side, and a page zoomed to that size; with more room it is a panel again', async ({
  guest,
}) => {
  const alice = await guest({ browser: { ...upright, viewport: { width: 844, height: 390 } } })
  const { page, panel } = alice
  await alice.open()
  await expect.poll(() => panel.boundingBox()).toEqual({ x: 0, y: 0, width: 844, height: 390 })
  await page.setViewportSize({ width: 360, height: 640 })
  await expect.poll(() => panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.setViewportSize({ width: 1280, height: 700 })
  await expect.poll(() => panel.boundingBox()).toEqual({ x: 876, y: 16, width: 384, height: 596 })
  await expect(panel).not.toHaveAttribute('aria-modal')
  await page.setViewportSize({ width: 844, height: 390 })
  await expect(panel).toHaveAttribute('aria-modal', 'true')
})
