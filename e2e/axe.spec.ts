import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './people.ts'

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

// A transition may be under way at the first look. An analysis takes seconds on a small machine.
const expectAccessible = (page: Page) => expect.poll(() => violations(page), { timeout: 60_000 }).toEqual([])

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
