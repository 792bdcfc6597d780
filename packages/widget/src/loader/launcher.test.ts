import { expect, test } from 'vitest'
import { launcherWords } from '../words/launcher.ts'
import { badgeText } from './launcher.ts'

test('the badge counts up to nine and then says so', () => {
  expect([0, 1, 9, 10, 250].map(badgeText)).toEqual(['', '1', '9', '9+', '9+'])
})

test('the launcher says how many messages are unread, in the language of the page', () => {
  expect(launcherWords('en-GB').unread(3)).toBe('3 unread messages')
  expect(launcherWords('de').unread(1)).toBe('1 ungelesene Nachricht')
  expect(launcherWords('xx').open).toBe('Open support chat')
})
