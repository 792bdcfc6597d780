import { type Guest, test as onHostPage } from './host-page.ts'
import { axeOn, expect, expectAccessible, scrollUp, test, violationsOf } from './people.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`widget and dashboard have no accessibility violations in ${colorScheme}`, async ({
    visit,
    support,
  }) => {
    test.setTimeout(240_000)
    const alice = await visit('alice')
    const sam = await support()
    for (const { page } of [alice, sam]) await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectAccessible(alice.page)
    await expectAccessible(sam.page)
    await alice.open()
    await expectAccessible(alice.page)
    await alice.say('Hello')
    await sam.chat('alice@example.com').click()
    await sam.say('Hi Alice')
    await expect(alice.log.getByText('Hi Alice')).toBeVisible()
    await expectAccessible(alice.page)
    await expectAccessible(sam.page)
  })
}

/** The widget as it is now, in light and in dark, where only colours differ. */
async function expectWidgetAccessible(guest: Guest, state: string): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await guest.call('update', { theme })
    const axe = axeOn(guest.page).include('deskbell-chat')
    if (theme === 'dark') axe.withRules('color-contrast')
    expect(await violationsOf(axe), `${state}, ${theme}`).toEqual([])
  }
}

onHostPage('the panel has no accessibility violations in any state', async ({ guest, stranger }) => {
  onHostPage.setTimeout(240_000)
  const browser = { reducedMotion: 'reduce' } as const
  const alice = await guest({ browser })
  await alice.open()
  await expect(alice.panel.getByText('How can we help?')).toBeVisible()
  await expectWidgetAccessible(alice, 'greeting')
  await alice.wrote(...Array.from({ length: 12 }, (_, number) => `message ${number} https://example.com 🎉`))
  await alice.say('🎉')
  await alice.call('sendMessage', 'a lone \ud800 surrogate')
  await expect(alice.panel.getByRole('button', { name: 'Retry' })).toBeVisible()
  await alice.composer.fill('x'.repeat(10_001))
  await expectWidgetAccessible(alice, 'a failed message and a draft that is too long')
  await scrollUp(alice.log)
  await alice.reply('Hello')
  await expect(alice.panel.getByRole('button', { name: 'New messages' })).toBeVisible()
  await expectWidgetAccessible(alice, 'new messages out of sight')
  await alice.page.setViewportSize({ width: 360, height: 640 })
  await alice.call('update', { locale: 'ar' })
  await expect(alice.page.getByRole('dialog')).toHaveAttribute('lang', 'ar')
  await expectWidgetAccessible(alice, 'Arabic on a phone')

  const visitor = await stranger({ browser })
  await visitor.open()
  await visitor.say('Hello')
  await visitor.panel.getByRole('textbox', { name: 'E-mail' }).fill('nobody')
  await visitor.panel.getByRole('button', { name: 'Save' }).click()
  await expectWidgetAccessible(visitor, 'an address with a slip')
  const nobody = await guest({ browser, attributes: { token: 'not a token' } })
  await nobody.call('open')
  await expect(nobody.panel.getByText('Sign in to write to us.')).toBeVisible()
  await expectWidgetAccessible(nobody, 'signed out')
})
