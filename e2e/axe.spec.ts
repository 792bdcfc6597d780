import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './people.ts'

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`widget and dashboard have no accessibility violations in ${colorScheme}`, async ({
    visit,
    support,
  }) => {
    const alice = await visit('alice')
    const sam = await support()
    for (const { page } of [alice, sam]) await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect.poll(() => violations(alice.page)).toEqual([])
    await expect.poll(() => violations(sam.page)).toEqual([])
    await alice.open()
    await expect.poll(() => violations(alice.page)).toEqual([])
    await alice.say('Hello')
    await sam.chat('alice@example.com').click()
    await sam.say('Hi Alice')
    await expect(alice.log.getByText('Hi Alice')).toBeVisible()
    await expect.poll(() => violations(alice.page)).toEqual([])
    await expect.poll(() => violations(sam.page)).toEqual([])
  })
}
