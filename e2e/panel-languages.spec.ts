import { languageFor } from '../packages/widget/src/words/words.ts'
import { expect, test } from './host-page.ts'

const TAGS = ['en', 'de', 'fr', 'es', 'pt-BR', 'ja', 'zh-CN', 'ar']

test('every language says everything in its own words, days and direction, and is changed on the spot', async ({
  guest,
}) => {
  const alice = await guest({ attributes: { lang: 'ja' }, before: (guest) => guest.wrote('Hello') })
  const { page } = alice
  const panel = page.getByRole('dialog')
  await page.getByRole('button', { name: 'サポートチャットを開く' }).click()
  for (const tag of TAGS) {
    await alice.call('update', { locale: tag })
    const { words, locale, direction } = await languageFor(tag)
    await expect(panel).toHaveAccessibleName(words.panel)
    await expect(panel).toHaveAttribute('lang', locale)
    await expect(panel.getByRole('status').first()).toHaveText(words.online)
    await expect(panel.getByRole('textbox', { name: words.message })).toHaveAttribute(
      'placeholder',
      words.placeholder,
    )
    const log = panel.getByRole('log', { name: words.messages })
    const today = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'day')
    await expect(log.getByRole('heading')).toHaveText(today, { ignoreCase: true })
    await expect(log).toContainText(words.sent)
    await expect(panel.getByRole('switch', { name: words.sound })).toBeVisible()
    await expect(page.getByRole('button', { name: words.closeChat })).toBeVisible()
    await expect(log).toHaveCSS('direction', direction)
    expect(await panel.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
  }
})

test('a page that is written from right to left has its chat that way, too', async ({ guest }) => {
  const alice = await guest({ attributes: { lang: 'ar' }, before: (guest) => guest.wrote('متى يصل طلبي؟') })
  const { page } = alice
  await page.getByRole('button', { name: 'فتح محادثة الدعم' }).click()
  const panel = page.getByRole('dialog')
  const log = panel.getByRole('log')
  await alice.reply('It is on its way (1042).')
  const reply = log.getByText('It is on its way')
  await expect(reply).toHaveCSS('direction', 'ltr')
  const [box, mine, theirs] = await Promise.all(
    [log, log.getByText('متى يصل طلبي؟').locator('..'), reply.locator('..')].map(
      async (each) => (await each.boundingBox()) ?? { x: 0, width: 0 },
    ),
  )
  // Their own on the left now, support's on the right, and the way to send on the left.
  expect((mine?.x ?? 0) - (box?.x ?? 0)).toBeLessThan(24)
  expect((box?.x ?? 0) + (box?.width ?? 0) - (theirs?.x ?? 0) - (theirs?.width ?? 0)).toBeLessThan(24)
  const send = await panel.locator('button[type=submit]').boundingBox()
  expect((send?.x ?? 0) - (box?.x ?? 0)).toBeLessThan(24)
})
