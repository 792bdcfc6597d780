import type { Page } from '@playwright/test'
import { expect, test } from './host-page.ts'

/** The desk's answers, as if the messages had been written at other times; `times` are local. */
async function backdate(page: Page, times: readonly string[]): Promise<void> {
  await page.route('**/api/support_chat', async (route) => {
    const response = await route.fetch()
    const chat = await response.json()
    for (const [index, message] of chat.messages.entries())
      message.created_at = new Date(times[index] ?? 0).toISOString()
    await route.fulfill({ response, json: chat })
  })
}

test('text stays text: as it was typed, with links, whole on screen and in its own direction', async ({
  guest,
}) => {
  const long = `${'Donaudampfschifffahrt'.repeat(12)} https://example.com/${'way/'.repeat(60)}`
  const alice = await guest({
    before: (guest) =>
      guest.wrote(
        '<b onclick="alert(1)">bold</b> & <script>alert(2)</script>',
        'one\n  two\n\nfour',
        'Look at http://example.com/a?b=1&c=2, (https://example.org) or mailto:help@example.com. javascript:alert(1)',
        long,
        'مرحبا, order 42!',
        '👍🏽 🎉',
      ),
  })
  await alice.open()
  const { log } = alice
  await expect(log.getByText('<b onclick')).toHaveText(
    '<b onclick="alert(1)">bold</b> & <script>alert(2)</script>',
  )
  expect(await log.locator('b, script').count()).toBe(0)
  expect(await log.getByText('four').innerText()).toBe('one\n  two\n\nfour')

  const links = log.getByRole('listitem').filter({ hasText: 'Look at' }).last().getByRole('link')
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
  expect(hrefs).toEqual(['http://example.com/a?b=1&c=2', 'https://example.org', 'mailto:help@example.com'])
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
    await expect(link).toHaveAttribute('target', '_blank')
  }
  expect(await log.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)

  const arabic = log.getByText('مرحبا')
  expect(await arabic.evaluate((text) => getComputedStyle(text).direction)).toBe('rtl')
  expect(await arabic.evaluate((text) => getComputedStyle(text).unicodeBidi)).toBe('isolate')
  const size = (text: string) =>
    log.getByText(text).evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))
  expect(await size('🎉')).toBeGreaterThan(2 * (await size('four')))
})

test('days divide the log, and what one person writes within five minutes is a group', async ({ guest }) => {
  const alice = await guest({
    before: async (guest) => {
      await guest.wrote('monday', 'again', 'later')
      await guest.reply('answer', 'and more')
      await guest.wrote('yesterday', 'today')
      await guest.page.clock.setFixedTime('2024-01-31T15:00:00')
      await backdate(guest.page, [
        '2024-01-29T10:00:00',
        '2024-01-29T10:05:00',
        '2024-01-29T10:10:01',
        '2024-01-29T10:11:00',
        '2024-01-29T10:15:00',
        '2024-01-30T23:59:00',
        '2024-01-31T00:01:00',
      ])
    },
  })
  await alice.open()
  const { log } = alice
  await expect(log.getByRole('heading')).toHaveText(['Monday, January 29', 'Yesterday', 'Today'])
  const groups = log.locator('section > ol > li')
  await expect(groups).toHaveCount(5)
  await expect(groups.nth(0).getByRole('listitem')).toHaveText([/monday/, /again/])
  await expect(groups.nth(1).getByRole('listitem')).toHaveText([/later/])
  await expect(groups.nth(2).getByRole('listitem')).toHaveText([/answer/, /and more/])
  await expect(groups.nth(2)).toContainText('Sam')

  const time = log.locator('time').first()
  await expect(time).toHaveText(/^10:00\sAM$/)
  await expect(time).toHaveAttribute('datetime', new Date('2024-01-29T10:00:00').toISOString())
  // Inside a group the time is beside its message, for whoever points at it.
  await expect(time.locator('..')).toHaveCSS('opacity', '0')
  await log.getByText('monday', { exact: true }).hover()
  await expect(time.locator('..')).toHaveCSS('opacity', '1')
  await time.hover()
  await expect(time).toHaveAttribute('title', /Monday, January 29, 2024/)
})

test('a message is sending, then sent; one that cannot be sent keeps its text, and is sent again or deleted', async ({
  guest,
  network,
}) => {
  const alice = await guest()
  await alice.open()
  const { log, page } = alice
  await alice.say('first')
  const first = log.getByRole('listitem').filter({ hasText: 'first' }).last()
  await expect(first).toContainText('Sent')

  network.become('stall')
  await alice.say('second')
  const second = log.getByRole('listitem').filter({ hasText: 'second' }).last()
  await expect(second).toContainText('Sending…')
  await expect(second.locator('.bubble')).not.toHaveCSS('background-color', 'rgb(59, 85, 230)')
  network.become('none')
  await expect(second).toContainText('Sent')
  await expect(first).not.toContainText('Sent')

  for (const button of ['Retry', 'Delete']) {
    await alice.call('sendMessage', 'a lone \ud800 surrogate')
    const refused = log.getByRole('listitem').filter({ hasText: 'a lone' }).last()
    await expect(refused).toContainText('Not sent')
    await refused.getByRole('button', { name: button }).click()
    if (button === 'Delete') await expect(refused).toHaveCount(0)
    else await expect(refused).toContainText('Not sent')
    if (button === 'Retry') await refused.getByRole('button', { name: 'Delete' }).click()
  }
  await expect(log.getByText('a lone')).toHaveCount(0)
  await page.reload()
  await alice.open()
  await expect(log.getByText('second')).toHaveCount(1)
  await expect(log.getByText('a lone')).toHaveCount(0)
})
