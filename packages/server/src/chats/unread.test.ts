import { expect, test } from 'vitest'
import { MessageLog } from '../messages/append.ts'
import { testEngine, user } from '../testing/engine.ts'
import { archive, restore } from './archive.ts'
import { erase } from './erase.ts'
import { open } from './open.ts'
import { countUnreadChats } from './unread.ts'
import { view } from './view.ts'

test('unread chats are those whose user wrote since an admin looked; archived ones are not counted', async () => {
  await using engine = await testEngine()
  const log = new MessageLog(engine, 0)
  const chatOf = async (name: string) => (await open(engine, user(name))).id
  const [alice, bob, carol] = [await chatOf('alice'), await chatOf('bob'), await chatOf('carol')]
  const say = (chatId: string) =>
    log.append({ type: 'user', name: null }, { chatId, content: 'hi', clientId: null })
  const reply = (chatId: string) =>
    log.append({ type: 'admin', id: 'sam', name: 'Sam' }, { chatId, content: 'hi', clientId: null })
  const counts: number[] = []
  for (const step of [
    async () => {},
    () => say(alice),
    () => say(alice),
    () => say(bob),
    () => reply(carol),
    () => say(carol),
    () => view(engine, bob),
    () => archive(engine, alice),
    () => restore(engine, alice),
    () => archive(engine, bob),
    () => say(bob),
    () => erase(engine, 'carol'),
  ]) {
    await step()
    counts.push(await countUnreadChats(engine.store))
  }
  expect(counts).toEqual([0, 1, 1, 2, 2, 3, 2, 1, 2, 2, 3, 2])
})
