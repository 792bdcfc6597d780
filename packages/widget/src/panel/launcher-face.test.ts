// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { firstName } from '../words/launcher.ts'
import { languageFor } from '../words/words.ts'
import { badgeText, launcherFace } from './launcher-face.ts'

async function launcherIn(tag: string, isOpen: boolean, unreadCount: number) {
  const button = document.createElement('button')
  const face = launcherFace(await languageFor(tag))
  face(button, !isOpen, 0)
  face(button, isOpen, unreadCount)
  return [button.ariaLabel, button.textContent]
}

test('the badge counts up to nine and then says so', () => {
  expect([0, 1, 9, 10, 250].map(badgeText)).toEqual(['', '1', '9', '9+', '9+'])
})

test('the launcher speaks the language of the page from the beginning', () => {
  expect(firstName('de-CH')).toBe('Support-Chat öffnen')
  expect(firstName('pt_BR')).toBe('Abrir o chat de suporte')
  expect([firstName('arn'), firstName('')]).toEqual(Array(2).fill('Open support chat'))
})

test.each(['en', 'de', 'fr', 'es', 'pt', 'ja', 'zh', 'ar'])(
  'in %s, the panel calls the launcher the same',
  async (tag) => {
    expect(await launcherIn(tag, false, 0)).toEqual([firstName(tag), ''])
    expect((await launcherIn(tag, true, 0))[0]).not.toBe(firstName(tag))
  },
)

test('the launcher says how many messages are unread, and nothing of it while it is open', async () => {
  expect(await launcherIn('en', false, 3)).toEqual(['Open support chat, 3 unread messages', '3'])
  expect(await launcherIn('de', false, 1)).toEqual(['Support-Chat öffnen, 1 ungelesene Nachricht', '1'])
  expect(await launcherIn('en', true, 3)).toEqual(['Close support chat', ''])
})
