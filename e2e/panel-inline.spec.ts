import { expect, test } from './host-page.ts'

test('a panel that is a part of the page fills its place there, and scrolls inside, on a phone as well', async ({
  guest,
}) => {
  const alice = await guest({
    attributes: { manual: '' },
    before: (guest) => guest.wrote(...Array.from({ length: 40 }, (_, number) => `message ${number}`)),
  })
  const { page } = alice
  await page.evaluate(async (token) => {
    await customElements.whenDefined('deskbell-panel')
    const panel = document.createElement('deskbell-panel')
    Object.assign(panel.dataset, { token, position: 'left' })
    const place = document.createElement('section')
    place.style.cssText = 'block-size: 420px; inline-size: 340px'
    place.append(panel)
    document.querySelector('h1')?.after(place)
  }, new URL(page.url()).searchParams.get('token') ?? '')
  const panel = page.getByRole('region', { name: 'Support chat' })
  const log = panel.getByRole('log', { name: 'Messages' })
  await expect(log.getByText('message 39', { exact: true })).toBeInViewport()
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 })
    const place = await page.locator('section', { has: page.locator('deskbell-panel') }).boundingBox()
    await expect.poll(() => panel.boundingBox()).toEqual(place)
    await expect(panel.getByRole('textbox', { name: 'Message' })).toBeInViewport({ ratio: 1 })
    await expect(log.getByText('message 0', { exact: true })).not.toBeInViewport()
  }
  await expect(panel.getByRole('button', { name: 'Close', exact: true })).toHaveCount(0)
  await expect(alice.launcher).toHaveCount(0)

  // What cannot be scrolled to has to be there.
  await expect(log.getByText('message 0', { exact: true })).toHaveCount(0)
  await page.locator('section', { has: panel }).evaluate((place) => {
    place.style.blockSize = '2400px'
  })
  await expect(log.getByText('message 0', { exact: true })).toBeAttached()
})
