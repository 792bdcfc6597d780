import { expect, test } from './host-page.ts'

const ACCENTS = ['#3b55e6', 'white', 'black', 'gold', '#2f7d4f', '#e11d48', '#7a7a7a', 'rgb(0 200 255)']

/** WCAG 2's contrast of each text and what is painted behind it, as the browser computes both. */
function contrasts(panel: Element): Record<string, number> {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const luminance = (color: string) => {
    if (!canvas) throw new Error('no canvas')
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) =>
      value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (color: string, ground: string) => {
    const [one, other] = [luminance(color) + 0.05, luminance(ground) + 0.05]
    return Math.max(one, other) / Math.min(one, other)
  }
  const style = (selector: string, pseudo?: string) => {
    const element = panel.getRootNode() as ShadowRoot
    const found = element.querySelector(selector)
    if (!found) throw new Error(`no ${selector}`)
    return getComputedStyle(found, pseudo)
  }
  const own = style('.user .bubble')
  const paper = style('.panel').backgroundColor
  return {
    bubble: contrast(own.color, own.backgroundColor),
    link: contrast(style('.user .bubble a').color, own.backgroundColor),
    reply: contrast(style('.admin .bubble').color, style('.admin .bubble').backgroundColor),
    mark: contrast(style('.mark').color, style('.mark').backgroundColor),
    send: contrast(style('.send').color, style('.send', '::before').backgroundColor),
    launcher: contrast(style('.launcher').color, style('.launcher').backgroundColor),
    status: contrast(style('.status').color, paper),
    time: contrast(style('time').color, paper),
    day: contrast(style('.day h3').color, paper),
    placeholder: contrast(style('textarea', '::placeholder').color, paper),
    ring: contrast(style('.field').borderColor, paper),
  }
}

test('whatever accent the host chooses, in light and dark, every text has a contrast of 4.5:1', async ({
  guest,
}) => {
  const alice = await guest()
  await alice.page.emulateMedia({ reducedMotion: 'reduce' })
  await alice.open()
  await alice.say('https://example.com')
  await alice.reply('Thank you')
  await expect(alice.log.getByText('Thank you')).toBeVisible()
  await alice.composer.fill('A draft')
  for (const theme of ['light', 'dark']) {
    for (const accent of ACCENTS) {
      await alice.call('update', { theme, accent })
      const measured = await alice.panel.evaluate(contrasts)
      for (const [what, value] of Object.entries(measured)) {
        const least = what === 'ring' ? 3 : 4.5 // a line needs less than a text
        expect(value, `${what} with ${accent} in ${theme}`).toBeGreaterThanOrEqual(least)
      }
    }
  }
  await alice.call('update', { theme: 'auto' })
  for (const colorScheme of ['light', 'dark'] as const) {
    await alice.page.emulateMedia({ colorScheme })
    const paper = await alice.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor)
    expect(paper).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(28, 27, 26)')
  }
})

test('it moves briefly, by position and opacity alone, and not at all where motion is not wanted', async ({
  guest,
}) => {
  const alice = await guest({ browser: { reducedMotion: 'no-preference' } })
  await alice.open()
  const motion = () =>
    alice.panel.evaluate((panel) => {
      const root = panel.getRootNode() as ShadowRoot
      const styles = [...root.querySelectorAll('*')].flatMap((element) =>
        [undefined, '::before', '::after'].map((pseudo) => getComputedStyle(element, pseudo)),
      )
      const moving = styles.filter(({ transitionDuration }) => !/^(0s(, )?)+$/.test(transitionDuration))
      return {
        properties: [...new Set(moving.flatMap((style) => style.transitionProperty.split(', ')))].toSorted(),
        longest: Math.max(
          0,
          ...moving.flatMap((style) => style.transitionDuration.split(', ').map(Number.parseFloat)),
        ),
      }
    })
  expect(await motion()).toEqual({
    properties: ['opacity', 'rotate', 'scale', 'transform'],
    longest: 0.2,
  })
  await alice.page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await motion()).toEqual({ properties: [], longest: 0 })
  await alice.page.keyboard.press('Escape')
  expect(await alice.panel.count()).toBe(0)
})

test('in forced colours the launcher, the bubbles and the panel keep their shapes', async ({ guest }) => {
  const alice = await guest({ browser: { forcedColors: 'active' } })
  await alice.open()
  await alice.say('Hello')
  await expect(alice.log.getByText('Hello')).toBeVisible()
  const borders = await alice.panel.evaluate((panel) =>
    ['.panel', '.bubble'].map((selector) => {
      const found = (panel.getRootNode() as ShadowRoot).querySelector(selector)
      return found && getComputedStyle(found).borderTopWidth
    }),
  )
  expect(borders).toEqual(['1px', '1px'])
  const launcher = await alice.launcher.evaluate((button) => {
    const { color, backgroundColor } = getComputedStyle(button)
    return { color, backgroundColor, cross: getComputedStyle(button, '::after').backgroundColor }
  })
  expect(launcher.cross).toBe(launcher.color)
  expect(launcher.color).not.toBe(launcher.backgroundColor)
})
