import type { Page } from '@playwright/test'
import { DemoDesk } from './demo-desk.ts'
import { DESKBELL_SECRET, HostUser } from './host-user.ts'
import { expect, test as people } from './people.ts'
import { XSS_VECTORS } from './xss-vectors.ts'

const test = people.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  desk: async ({}, use) => {
    const desk = await DemoDesk.start({ DESKBELL_SECRET, RATE_LIMIT: '0' })
    await use(desk)
    await desk.remove()
  },
})

/** All that must not happen on a page: a vector that runs, a refusal by its policy, a call to elsewhere. */
async function watch(page: Page, home: string): Promise<string[]> {
  const seen: string[] = []
  await page.exposeBinding('report', (_source, what: string) => seen.push(what))
  await page.addInitScript(() => {
    const { report } = window as unknown as { report(what: string): void }
    Object.assign(window, { ran: () => report(`ran: ${new Error().stack}`) })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample, sourceFile }) =>
      report(`refused: ${violatedDirective} ${sample} ${sourceFile}`),
    )
  })
  page.on('dialog', (dialog) => seen.push(`dialog: ${dialog.message()}`))
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(home)) seen.push(request.url())
  })
  return seen
}

test('nothing that a user can write runs on the dashboard, wherever it is shown', async ({
  desk,
  support,
}) => {
  const sam = await support()
  const seen = await watch(sam.page, desk.url)
  await sam.page.setViewportSize({ width: 1440, height: 900 })
  const writers = await Promise.all(
    XSS_VECTORS.map((vector, index) => {
      const email = `${vector.replaceAll(/[\s@\p{C}]/gu, '')}${index}@example.com`
      const traits = { page: vector, ...(vector.length <= 40 && { [vector]: vector }) }
      const claims = { sub: `writer-${index}`, email, name: vector, traits }
      return HostUser.writes(desk, claims, `${index}: ${vector}`)
    }),
  )
  await sam.page.reload()
  await expect(sam.chats.getByRole('link').first()).toBeVisible()
  const open = (chatId: string) =>
    sam.page.evaluate((path) => {
      history.pushState(null, '', path)
      dispatchEvent(new PopStateEvent('popstate'))
    }, `/admin/chats/${chatId}`)
  const details = sam.page.getByRole('region', { name: 'User details' })
  for (const [index, { chatId }] of writers.entries()) {
    await open(chatId)
    const text = `${index}: ${XSS_VECTORS[index]}`.replaceAll(/\s+/g, ' ')
    // Waiting looks at every frame, where expecting looks ever more seldom.
    await sam.log
      .locator('[data-state]')
      .filter({ hasText: `${index}: ` })
      .waitFor()
    await details.filter({ hasText: `writer-${index}` }).waitFor()
    // Text is text: it is there to be read, to the letter.
    await expect(sam.log.locator('[data-state]')).toHaveText(text)
    await expect(details).toContainText(`writer-${index}`)
  }
  for (const link of await sam.page.getByRole('link').all()) {
    expect(await link.getAttribute('href')).toMatch(/^(https?:|mailto:|\/admin\/)/)
  }
  await sam.page.getByRole('textbox', { name: 'Search' }).fill('ran')
  await expect(sam.page.getByRole('list', { name: 'Search results' }).locator('mark').first()).toBeVisible()
  expect(seen).toEqual([])
})

test('the page’s policy takes no text for script, and no other page may frame it', async ({ desk, page }) => {
  const seen = await watch(page, desk.url)
  const answer = await page.goto(`${desk.url}/admin`)
  const policy = answer?.headers()['content-security-policy'] ?? ''
  expect(policy).not.toContain('unsafe')
  for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
    expect(policy).toContain(rule)
  }
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(seen).toEqual([])
  await page.evaluate(() => {
    const element = document.createElement('div')
    try {
      element.innerHTML = '<img src=x onerror=ran()>'
    } catch {
      // As it should be; the policy's own report is what is looked at.
    }
  })
  await expect.poll(() => seen.join()).toMatch(/^refused: require-trusted-types-for/)
})
