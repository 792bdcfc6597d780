import { expect, Supporter, test } from './people.ts'

/** Gives an admin a name; it counts from the next connection on. */
async function rename({ page }: Supporter, name: string): Promise<void> {
  await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' }
    await fetch('/api/admin/account', { method: 'PATCH', headers, body })
  }, JSON.stringify({ name }))
  await page.reload()
}

test('two admins and three users at once: all see the same, live', async ({ visit, support, colleague }) => {
  const [alice, bob, visitor] = [await visit('alice'), await visit('bob'), await visit('visitor')]
  const [sam, rita] = [await support(), await colleague()]
  await rename(rita, 'Sam')
  for (const [person, text] of [
    [alice, 'Where is my fern?'],
    [bob, 'My pot is cracked'],
    [visitor, 'Do you ship to Iceland?'],
  ] as const) {
    await person.open()
    await person.say(text)
    await expect(sam.chats.getByText(text)).toBeVisible()
  }
  for (const { page, chats } of [sam, rita]) {
    await expect(chats.getByRole('link', { name: /unread/ })).toHaveCount(3)
    await expect(page).toHaveTitle('(3) Support Chats')
    await expect(page.locator('link[rel="icon"]')).toHaveAttribute('href', /%3E3%3C%2Ftext/)
  }

  // Newest first: the visitor, Bob, Alice.
  for (const key of ['j', 'j', 'ArrowDown', 'k', 'Enter']) await sam.page.keyboard.press(key)
  await expect(sam.log.getByText('My pot is cracked')).toBeVisible()
  await expect(rita.chats.getByRole('link', { name: /unread/ })).toHaveCount(2)
  await expect(rita.page).toHaveTitle('(2) Support Chats')

  await sam.page.keyboard.press('r')
  await expect(sam.composer).toBeFocused()
  await sam.page.keyboard.type('A new one is on its way, e.g. jet-packed?')
  await sam.page.keyboard.press('Enter')
  await expect(bob.log.getByText('A new one is on its way')).toBeVisible()
  await expect(rita.chat('bob@example.com')).toContainText('You: A new one is on its way')
  await expect(sam.log.getByText(/^Seen \d/)).toBeVisible()
  await rita.chat('bob@example.com').click()
  await expect(rita.log.getByText('Sam', { exact: true })).toBeVisible()
  await expect(rita.log.getByText('You', { exact: true })).toBeHidden()

  const window = new Supporter(await sam.page.context().newPage())
  await window.page.goto(sam.page.url())
  await expect(window.composer).toHaveValue('')
  await sam.page.keyboard.type('Half a thou')
  await expect(window.composer).toHaveValue('Half a thou')
  await window.page.close()
  await rita.say('And a saucer with it')
  await expect(sam.log.getByText('And a saucer with it')).toBeVisible()
  // They share a name, and each of them is "You" to nobody else.
  for (const { log } of [sam, rita]) {
    for (const name of ['You', 'Sam']) await expect(log.getByText(name, { exact: true })).toHaveCount(1)
  }
  await sam.page.keyboard.press('Escape')
  await sam.page.keyboard.press('e')
  await expect(rita.chat('bob@example.com')).toBeHidden()
  await expect(rita.page.getByRole('button', { name: 'Restore', exact: true })).toBeVisible()
  await sam.page.getByRole('button', { name: 'Undo' }).click()
  await expect(rita.chat('bob@example.com')).toBeVisible()

  await sam.chat('alice@example.com').click()
  await expect(sam.composer).toHaveValue('')
  await sam.page.goBack()
  await expect(sam.composer).toHaveValue('Half a thou')
  await sam.page.reload()
  await expect(sam.composer).toHaveValue('Half a thou')
  await sam.page.goForward()
  await expect(sam.log.getByText('Where is my fern?')).toBeVisible()

  await sam.page.getByRole('log').focus()
  await sam.page.keyboard.press('?')
  await expect(sam.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await sam.page.keyboard.press('Escape')
  await sam.page.keyboard.press('/')
  await expect(sam.page.getByRole('textbox', { name: 'Search' })).toBeFocused()
})

test('a chat that is opened in a tab nobody looks at stays unread until someone does', async ({
  visit,
  support,
}) => {
  const [alice, sam] = [await visit('alice'), await support()]
  await alice.open()
  await alice.say('Is anyone there?')
  await expect(sam.chat('alice@example.com')).toHaveAccessibleName(/unread/)
  const hidden = await sam.page.context().newPage()
  await hidden.addInitScript(() => {
    Object.defineProperty(document, 'visibilityState', {
      get: () => sessionStorage.getItem('sight') ?? 'hidden',
    })
  })
  await hidden.goto(
    new URL((await sam.chat('alice@example.com').getAttribute('href')) ?? '', sam.page.url()).href,
  )
  await hidden.getByRole('list', { name: 'Chats' }).getByRole('link').waitFor()
  await alice.say('Hello?')
  await expect(hidden.getByRole('list', { name: 'Chats' }).getByText('Hello?')).toBeVisible()
  await expect(sam.chat('alice@example.com')).toHaveAccessibleName(/unread/)
  await hidden.evaluate(() => {
    sessionStorage.setItem('sight', 'visible')
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  await expect(hidden.getByRole('log').getByText('Hello?')).toBeVisible()
  await expect(sam.chat('alice@example.com')).not.toHaveAccessibleName(/unread/)
})
