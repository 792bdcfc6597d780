import { expect, test } from './people.ts'

test('a user writes, an admin sees it live in list and conversation, and the answer comes back live', async ({
  visit,
  support,
}) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('My invoice is wrong')
  await expect(alice.log.getByText('My invoice is wrong')).toBeVisible()

  const row = sam.chat('alice@example.com')
  await expect(row).toHaveAccessibleName(/unread/i)
  await expect(row).toContainText('My invoice is wrong')
  await row.click()
  await expect(sam.log.getByText('My invoice is wrong')).toBeVisible()
  await expect(row).not.toHaveAccessibleName(/unread/i)

  await sam.say('Let me look into it')
  await expect(alice.log.getByText('Let me look into it')).toBeVisible()
  await expect(row).toContainText('You: Let me look into it')
  await alice.say('Thank you!')
  await expect(sam.log.getByText('Thank you!')).toBeVisible()
  await expect(row).toContainText('3 messages')
})

test('unread replies are counted on the launcher, and opening the panel clears them', async ({
  visit,
  support,
}) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('Hello?')
  await sam.chat('alice@example.com').click()
  await alice.page.keyboard.press('Escape')
  await expect(alice.panel).toBeHidden()

  await sam.say('Hi Alice')
  await sam.say('How can I help?')
  await expect(alice.launcher).toHaveAccessibleName('Open support chat, 2 unread messages')
  await alice.page.reload()
  await expect(alice.launcher).toHaveAccessibleName('Open support chat, 2 unread messages')

  await alice.open()
  await expect(alice.log.getByText('How can I help?')).toBeVisible()
  await expect(alice.launcher).toHaveAccessibleName('Close support chat')
  await expect(sam.log.getByText(/seen/i).first()).toBeVisible()
})

test('[P2] everyone reads the messages in one order, each once, also after a reload', async ({
  visit,
  support,
}) => {
  const alice = await visit('alice')
  const sam = await support()
  await alice.open()
  await alice.say('one')
  await sam.chat('alice@example.com').click()
  await expect(sam.log.getByText('one', { exact: true })).toBeVisible()
  const said = ['one']
  for (const [index, word] of ['two', 'three', 'four', 'five', 'six'].entries()) {
    await (index % 2 === 0 ? sam : alice).say(word)
    said.push(word)
    for (const person of [alice, sam])
      await expect(person.log.getByText(word, { exact: true })).toHaveCount(1)
  }
  const words = (text: string) => text.match(/\b(one|two|three|four|five|six)\b/g)
  for (const person of [alice, sam]) expect(words(await person.log.innerText())).toEqual(said)

  await alice.page.reload()
  await sam.page.reload()
  await alice.open()
  for (const person of [alice, sam]) {
    await expect(person.log.getByText('six', { exact: true })).toHaveCount(1)
    expect(words(await person.log.innerText())).toEqual(said)
  }
})

test('[P7] a second user sees nothing of the first', async ({ visit }) => {
  const alice = await visit('alice')
  await alice.open()
  await alice.say('This is only for support')
  await expect(alice.log.getByText('This is only for support')).toBeVisible()

  const bob = await visit('bob')
  await bob.open()
  await bob.say('And this is mine')
  await expect(bob.log.getByText('And this is mine')).toBeVisible()
  await expect(bob.page.getByText('This is only for support')).toHaveCount(0)
  await expect(alice.page.getByText('And this is mine')).toHaveCount(0)
})

test('a visitor who is not signed in can write, and support sees it', async ({ visit, support }) => {
  const visitor = await visit('visitor')
  const sam = await support()
  await visitor.open()
  await visitor.say('Do you ship to Iceland?')
  await expect(visitor.log.getByText('Do you ship to Iceland?')).toBeVisible()
  await expect(sam.chats.getByText('Do you ship to Iceland?')).toBeVisible()
  await visitor.page.reload()
  await visitor.open()
  await expect(visitor.log.getByText('Do you ship to Iceland?')).toBeVisible()
})
