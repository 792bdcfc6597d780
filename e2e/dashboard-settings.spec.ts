import { expect, test } from './people.ts'

test('language and colours are chosen once, for every window, and survive a reload', async ({ support }) => {
  const sam = await support()
  const other = await sam.page.context().newPage()
  await other.goto(sam.page.url())
  await other.getByRole('heading', { name: 'Support Chats' }).waitFor()

  await sam.page.getByRole('button', { name: 'Settings' }).click()
  const settings = sam.page.getByRole('dialog')
  await settings.getByRole('radio', { name: 'Dark' }).check()
  await settings.getByRole('combobox', { name: 'Language' }).selectOption('ar')
  for (const page of [sam.page, other]) {
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
    await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
  }
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('محادثات الدعم')

  await sam.page.reload()
  await expect(sam.page.locator('html')).toHaveAttribute('dir', 'rtl')
  await sam.page.getByRole('button', { name: 'الإعدادات' }).click()
  await sam.page.getByRole('combobox').selectOption('fr')
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Discussions d’assistance')
  await sam.page.keyboard.press('Escape')
  await expect(sam.page.getByRole('dialog')).toBeHidden()
  await expect(sam.page.getByRole('button', { name: 'Réglages' })).toBeFocused()
})

test('the list keeps the width that it was given, by pointer or by keys', async ({ support }) => {
  const sam = await support()
  const list = sam.page.locator('#chats')
  const divider = sam.page.getByRole('separator', { name: 'Width of the list' })
  await expect(divider).toHaveAttribute('aria-valuenow', '360')
  const box = await divider.boundingBox()
  if (!box) throw new Error('The divider is not shown.')
  await sam.page.mouse.move(box.x + box.width / 2, 400)
  await sam.page.mouse.down()
  await sam.page.mouse.move(440, 400, { steps: 4 })
  await sam.page.mouse.up()
  await expect(list).toHaveCSS('width', '440px')
  await divider.press('ArrowLeft')
  await sam.page.reload()
  await expect(list).toHaveCSS('width', '424px')
  await divider.dblclick()
  await expect(list).toHaveCSS('width', '360px')
})
