import type { Page } from '@playwright/test'
import { openSocketsOf, scriptTag, tell, test, tokenFor } from './foreign-site.ts'
import { expect, Visitor } from './people.ts'

const STYLE = `<style>
  body { margin: 0 }
  #help { width: 420px; height: 520px }
  #fold { height: 3000px }
</style>`

const panelTag = (attributes = '') =>
  `<div id="help"><deskbell-panel data-token="${tokenFor('ann')}" ${attributes}></deskbell-panel></div>`

/** The panel that is a part of the page. */
const inPage = (page: Page) => {
  const panel = page.getByRole('region', { name: 'Support chat' })
  return {
    panel,
    log: panel.getByRole('log', { name: 'Messages' }),
    composer: panel.getByRole('textbox', { name: 'Message' }),
  }
}

test("a panel in the host's container fills it, is a part of the page, and cannot be closed", async ({
  desk,
  host,
  page,
}) => {
  host.head = STYLE
  host.body = `${panelTag()}<p id="note" style="position: absolute; top: 0; margin: 0; z-index: 1">Above it</p>${scriptTag(desk, 'data-manual')}`
  const { panel, composer, log } = inPage(page)
  await page.goto(host.origin)
  await expect(panel).toBeVisible()
  expect(await panel.boundingBox()).toEqual({ x: 0, y: 0, width: 420, height: 520 })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(panel.getByRole('button', { name: /close/i })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /support chat/ })).toHaveCount(0)
  expect(await page.evaluate(() => document.elementFromPoint(5, 5)?.id)).toBe('note')
  await page.locator('#help').evaluate((box) => Object.assign(box.style, { width: '300px', height: '80vh' }))
  expect(await panel.boundingBox()).toMatchObject({ width: 300, height: 576 })
  await composer.fill('A long story.\n'.repeat(60))
  await page.keyboard.press('Enter')
  await expect(log.getByText('A long story.')).toBeVisible()
  expect(await panel.boundingBox()).toMatchObject({ width: 300, height: 576 })

  await page.locator('deskbell-panel').evaluate((element) => {
    const panel = element as unknown as Window['Deskbell'] // it has the same verbs
    panel.close?.()
    panel.toggle?.()
  })
  await page.keyboard.press('Escape')
  await expect(panel).toBeVisible()
})

test('a panel in the page never takes the focus, and goes on by itself', async ({
  desk,
  host,
  page,
  support,
}) => {
  host.head = STYLE
  host.body = `<input id="search" autofocus>${panelTag()}${scriptTag(desk, 'data-manual')}`
  const { composer, log } = inPage(page)
  const sam = await support()
  await page.goto(host.origin)
  await expect(composer).toBeVisible()
  await expect(page.locator('#search')).toBeFocused()
  await composer.fill('Hello')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Hello')).toBeVisible()
  await expect(composer).toBeFocused()
  await page.locator('#search').focus()
  await sam.chat('ann@example.com').click()
  await sam.say('Hi Ann')
  await expect(log.getByText('Hi Ann')).toBeVisible()
  await expect(page.locator('#search')).toBeFocused()
})

test('[P5] a reply below the fold counts as read once it is scrolled into sight', async ({
  desk,
  host,
  page,
  support,
}) => {
  host.head = STYLE
  host.body = `${panelTag()}${scriptTag(desk, 'data-manual')}`
  const { composer, log } = inPage(page)
  const sam = await support()
  await page.goto(host.origin)
  await composer.fill('Hello')
  await page.keyboard.press('Enter')
  await sam.chat('ann@example.com').click()

  host.body = `<div id="fold"></div>${panelTag()}${scriptTag(desk, 'data-manual')}`
  await page.reload()
  await expect(log.getByText('Hello')).toHaveCount(1)
  await page.evaluate(() => {
    window.heard = []
    document.addEventListener('deskbell:unread', (event) => window.heard.push((event as CustomEvent).detail))
  })
  await sam.say('Hi Ann')
  await expect(log.getByText('Hi Ann')).toHaveCount(1)
  await expect.poll(() => page.evaluate(() => window.heard)).toEqual([{ count: 1 }])
  await expect(sam.log.getByText(/seen/i)).toHaveCount(0)

  await page.locator('#help').evaluate((element) => element.scrollIntoView())
  await expect(sam.log.getByText(/seen/i)).toHaveCount(1)
  expect(await page.evaluate(() => window.heard)).toEqual([{ count: 1 }, { count: 0 }])
})

test("the host's style sheet gives launcher and panel its own colour, and its own form to their parts", async ({
  desk,
  host,
  page,
}) => {
  host.head = `<style>
    deskbell-chat, deskbell-panel { --accent: rgb(120, 20, 60) }
    deskbell-chat { inset-block-end: 96px }
    deskbell-chat::part(launcher) { border-radius: 12px }
    ::part(panel) { border-radius: 3px }
    deskbell-panel::part(title) { font-size: 30px }
    ::part(input) { letter-spacing: 2px }
    #help { width: 420px; height: 520px }
  </style>`
  host.body = `${panelTag()}${scriptTag(desk, `data-token="${tokenFor('ann')}"`)}`
  await page.goto(host.origin)
  const ann = new Visitor(page)
  const { panel } = inPage(page)
  await expect(ann.launcher).toHaveCSS('background-color', 'rgb(120, 20, 60)')
  await expect(ann.launcher).toHaveCSS('color', 'color(srgb-linear 1 1 1)')
  await expect(ann.launcher).toHaveCSS('border-radius', '12px')
  const { height } = page.viewportSize() ?? { height: 0 }
  expect((await ann.launcher.boundingBox())?.y).toBe(height - 96 - 56)
  await ann.open()
  await expect(ann.panel).toHaveCSS('border-radius', '3px')
  await expect(panel).toHaveCSS('border-radius', '3px')
  await expect(panel.getByRole('heading').first()).toHaveCSS('font-size', '30px')
  await expect(ann.composer).toHaveCSS('letter-spacing', '2px')
  await expect(panel.locator('.mark').first()).toHaveCSS('background-color', 'rgb(120, 20, 60)')
})

test('a light accent gets dark writing', async ({ desk, host, page }) => {
  host.body = scriptTag(desk, 'data-visitor data-accent="gold"')
  await page.goto(host.origin)
  const { launcher } = new Visitor(page)
  await expect(launcher).toHaveCSS('background-color', 'rgb(255, 215, 0)')
  const darkness = () => launcher.evaluate((element) => getComputedStyle(element).color)
  expect(await darkness()).toMatch(/^color\(srgb-linear 0\.00/)
  await tell(page, 'update', { accent: 'navy' })
  expect(await darkness()).toBe('color(srgb-linear 1 1 1)')
})

test('properties change a panel in the page as they change the launcher', async ({ desk, host, page }) => {
  host.head = STYLE
  host.body = `${panelTag('data-theme="dark"')}${scriptTag(desk, 'data-manual')}`
  const sockets = openSocketsOf(page)
  const { panel, composer, log } = inPage(page)
  await page.goto(host.origin)
  await expect(panel).toHaveCSS('background-color', 'rgb(28, 27, 26)')
  await composer.fill('Hello')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Hello')).toBeVisible()
  await expect.poll(() => sockets.count).toBe(1)
  await page.locator('deskbell-panel').evaluate((element) => {
    const panel = element as unknown as Window['Deskbell']
    panel.update?.({ theme: 'light', appName: 'Fern & Fold', accent: 'teal', position: 'left' })
  })
  await expect(panel).toHaveCSS('background-color', 'rgb(255, 255, 255)')
  await expect(panel.getByRole('heading', { name: 'Fern & Fold' })).toBeVisible()
  await expect(panel.locator('.mark').first()).toHaveCSS('background-color', 'rgb(0, 128, 128)')
  expect(await panel.boundingBox()).toMatchObject({ x: 0, width: 420 })
  expect(sockets.opened).toBe(1)
})

test('a panel in the page and a launcher of the same user show the same', async ({ desk, host, page }) => {
  host.head = STYLE
  host.body = `${panelTag()}${scriptTag(desk, `data-token="${tokenFor('ann')}"`)}`
  const ann = new Visitor(page)
  const { panel, composer, log } = inPage(page)
  await page.goto(host.origin)
  await composer.fill('Said in the page')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Said in the page')).toBeVisible()
  await ann.open()
  await expect(ann.log.getByText('Said in the page')).toHaveCount(1)
  await ann.say('Said at the launcher')
  await expect(log.getByText('Said at the launcher')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(ann.panel).toBeHidden()
  await expect(panel).toBeVisible()
  await tell(page, 'destroy')
  await composer.fill('Said when that was gone')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Said when that was gone')).toHaveCount(1)
})
