import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Conversation, createAdminChat, createConnection, createSupportChat } from '@deskbell/client'
import { expect, test } from 'vitest'
import { main } from '../../server/src/cli/main.ts'
import type { Terminal } from '../../server/src/cli/terminal.ts'
import { tokenOf } from './desk-process.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const ALICE = tokenOf('alice')
const SAM = tokenOf('sam', 'admin')

test('[P4] pages that were open while a backup was put back show what the desk has, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-restore-'))
  const [file, backup] = [join(folder, 'desk.db'), join(folder, 'backup.db')]
  const databaseUrl = `sqlite:${file}`
  await using pages = new AsyncDisposableStack()
  pages.defer(() => rmSync(folder, { recursive: true, force: true }))

  const [port, chatId] = await during(testDesk({ databaseUrl }), async (at) => {
    await write(at, 'in the backup')
    return [at.port, await at.openChat('alice')] as const
  })
  copyFileSync(file, backup)

  const [baseUrl, url] = [`http://127.0.0.1:${port}/api`, `ws://127.0.0.1:${port}/cable`]
  const alice = createSupportChat({ baseUrl, cableUrl: url, token: ALICE })
  const connection = createConnection({ url, token: SAM })
  const sam = createAdminChat({ baseUrl, connection, token: SAM, chatId })
  for (const page of [connection, sam, alice]) pages.defer(() => page.close())
  await during(testDesk({ databaseUrl, onPort: port }), async () => {
    await Promise.all([alice.open(), sam.open()])
    for (const content of ['lost', 'lost as well']) alice.send(content)
    await until('both see them', () => shown(sam).length === 3 && shown(alice).length === 3)
    await until('they are stored', () => alice.getSnapshot().messages.at(-1)?.state === 'sent')
  })

  copyFileSync(backup, file)
  await main(['restored'], terminal(databaseUrl))

  await during(testDesk({ databaseUrl, onPort: port }), async (at) => {
    // As many as there were: by their number nobody would notice.
    for (const content of ['new', 'newer']) await write(at, content)
    await until('both have read it anew', () => [alice, sam].every((page) => shown(page).includes('newer')))
    alice.send('newest')
    await until('the conversation goes on', () => shown(sam).includes('newest'))
    for (const page of [alice, sam]) expect(shown(page)).toEqual(['in the backup', 'new', 'newer', 'newest'])
  })
})

const shown = (page: Conversation) => page.getSnapshot().messages.map(({ content }) => content)

/** The first call on a port that was another desk's may meet a connection that is over. */
async function write(at: TestDesk, content: string): Promise<void> {
  const body = { content, client_id: content.replaceAll(' ', '-') }
  await until('it is stored', () =>
    at.call(ALICE, 'POST', '/support_chat/messages', body).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
}

/** Closes the desk when the work is done, so that its database is one file. */
async function during<Result>(
  desk: Promise<TestDesk>,
  work: (at: TestDesk) => Promise<Result>,
): Promise<Result> {
  await using at = await desk
  return await work(at)
}

function terminal(databaseUrl: string): Terminal {
  return {
    ...{ env: { DATABASE_URL: databaseUrl }, out: () => {}, rewrite: null, askSecret: async () => '' },
    err(text) {
      throw new Error(text)
    },
  }
}
