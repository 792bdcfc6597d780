import { expect, test } from './host-page.ts'

const LINE_PX = 22
const LIMIT = 10_000

test('the composer grows from one line to six, and shows six whole ones', async ({ guest }) => {
  const alice = await guest()
  await alice.open()
  const { composer } = alice
  const height = () => composer.evaluate((field) => field.getBoundingClientRect().height)
  const one = await height()
  for (const lines of [2, 6, 7, 30]) {
    await composer.fill(Array.from({ length: lines }, (_, number) => `line ${number}`).join('\n'))
    expect(await height()).toBe(one + (Math.min(lines, 6) - 1) * LINE_PX)
  }
  expect(await composer.evaluate((field) => field.clientHeight)).toBe(6 * LINE_PX)
  await composer.fill('w'.repeat(300))
  expect(await height()).toBeGreaterThan(one + LINE_PX)
  await composer.fill('')
  expect(await height()).toBe(one)
})

test('Enter sends, Shift+Enter breaks the line, Enter that ends a composition does neither, and focus stays', async ({
  guest,
}) => {
  const alice = await guest()
  await alice.open()
  const { composer, page, panel, log } = alice
  await expect(composer).toBeFocused()
  await page.keyboard.type('two')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('lines')
  await expect(composer).toHaveValue('two\nlines')

  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
  await page.keyboard.press('Enter')
  // Safari's order: the composition is over when its key comes.
  await composer.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
  await expect(log.getByRole('listitem')).toHaveCount(0)
  await cdp.send('Input.insertText', { text: '日本' })
  await expect(composer).toHaveValue(/^two\nlines日本\n?$/)

  await composer.fill('  two\nlines  ')
  await page.keyboard.press('Enter')
  await expect(log.getByText('two lines')).toHaveText('two\nlines')
  await expect(composer).toHaveValue('')
  await expect(composer).toBeFocused()

  await page.keyboard.type('by the button')
  await panel.getByRole('button', { name: 'Send' }).click()
  await expect(log.getByText('by the button')).toHaveCount(1)
  await expect(composer).toBeFocused()
})

test('what is blank or too long cannot be sent, and the last 500 characters are counted', async ({
  guest,
}) => {
  const alice = await guest()
  await alice.open()
  const { composer, panel, log } = alice
  const send = panel.getByRole('button', { name: 'Send' })
  await expect(send).toBeDisabled()
  await composer.fill(' \n\t ')
  await expect(send).toBeDisabled()
  await composer.press('Enter')

  await composer.fill('x'.repeat(LIMIT - 501))
  await expect(composer).toHaveAccessibleDescription('')
  await composer.fill('😀'.repeat(LIMIT - 500))
  await expect(composer).toHaveAccessibleDescription('500 characters left')
  await composer.fill('x'.repeat(LIMIT - 1))
  await expect(composer).toHaveAccessibleDescription('1 character left')
  await expect(send).toBeEnabled()
  await composer.fill('x'.repeat(LIMIT + 2))
  await expect(composer).toHaveAccessibleDescription('2 characters too many')
  await expect(panel.getByText('-2', { exact: true })).toBeVisible()
  await expect(send).toBeDisabled()
  await composer.press('Enter')
  await expect(composer).toHaveValue('x'.repeat(LIMIT + 2))
  await expect(log.getByRole('listitem')).toHaveCount(0)
})

test('a draft survives closing and a reload, and is gone once it is sent', async ({ guest }) => {
  const alice = await guest({ before: (guest) => guest.wrote('Hello') })
  await alice.open()
  await expect(alice.log.getByText('Hello')).toBeVisible()
  await alice.composer.fill('half a thou')
  await alice.page.keyboard.press('Escape')
  await alice.open()
  await expect(alice.composer).toHaveValue('half a thou')
  await alice.page.reload()
  await alice.open()
  await expect(alice.composer).toHaveValue('half a thou')
  await alice.say('half a thought')
  await expect(alice.log.getByText('half a thought')).toBeVisible()
  await alice.page.reload()
  await alice.open()
  await expect(alice.log.getByText('half a thought')).toHaveCount(1)
  await expect(alice.composer).toHaveValue('')
})
