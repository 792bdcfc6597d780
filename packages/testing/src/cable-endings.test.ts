import { memoryBus, openStore } from 'deskbell'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { clientFrame, RawSocket, upgradeRequest } from './raw-socket.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const UNAUTHORIZED = { type: 'disconnect', reason: 'unauthorized', reconnect: false }

async function roundTrip(client: CableClient): Promise<void> {
  const identifier = JSON.stringify({ channel: 'Nowhere', at: client.frames.length })
  client.send({ command: 'subscribe', identifier })
  await until('it is answered', () => client.frames.some((frame) => frame.identifier === identifier))
}

test('[P7] whoever is revoked loses every socket within 2 s, on every desk, and nobody else does', async () => {
  const store = openStore('sqlite::memory:')
  const bus = memoryBus()
  {
    await using here = await testDesk({ store, bus: bus() })
    await using there = await testDesk({ store, bus: bus() })
    const chatId = await here.openChat('alice')
    const plainUrl = `ws://127.0.0.1:${there.port}/ws/chat?chat_id=${chatId}&token=${there.token('alice')}`
    await using one = await here.cable(here.token('alice'))
    await using two = await there.cable(there.token('alice'))
    await using plain = new CableClient(plainUrl, { protocols: [] })
    await until('the plain socket is open', () => plain.socket.readyState === 1)
    await using bob = await here.cable(here.token('bob'))
    await using sam = await there.cable(there.token('sam', { role: 'admin' }))

    here.desk.revoke({ id: 'alice' })
    await until('all of them are closed', () => one.closed && two.closed && plain.closed, 2_000)
    expect([one.talk.at(-1), two.talk.at(-1)]).toEqual([UNAUTHORIZED, UNAUTHORIZED])
    expect([one.closed?.code, two.closed?.code, plain.closed?.code]).toEqual([1008, 1008, 1008])
    expect(plain.frames).toEqual([])
    for (const other of [bob, sam]) {
      await roundTrip(other)
      expect(other.closed).toBeNull()
    }
  }
  await store.close()
})

/** The cable of an admin of the dashboard, who has just signed in on `at`. */
async function signedIn(at: TestDesk, pair: { email: string; password: string }): Promise<CableClient> {
  const headers = { origin: at.url, 'content-type': 'application/json' }
  const body = JSON.stringify(pair)
  const answer = await fetch(`${at.url}/api/auth/sign-in/email`, { method: 'POST', headers, body })
  const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0])
  const client = new CableClient(`ws://127.0.0.1:${at.port}/cable`, {
    headers: { cookie: cookie.join('; '), origin: at.url },
  })
  return await client.opened()
}

test('[P7] the sockets of a deactivated admin end within 2 s, also on a desk that nobody tells, and no one else’s', async () => {
  const store = openStore('sqlite::memory:')
  const bus = memoryBus()
  {
    await using here = await testDesk({ store, bus: bus(), dashboard: true })
    await using told = await testDesk({ store, bus: bus(), dashboard: true })
    // As `deskbell admin deactivate` is to a desk: it changes the database, and tells nobody.
    await using untold = await testDesk({ store, dashboard: true })
    const admins = await here.desk.admins
    const sam = { email: 'sam@example.com', password: 'correct horse battery' }
    const rita = { ...sam, email: 'rita@example.com' }
    await admins?.create({ ...sam, name: 'Sam' })
    await admins?.create({ ...rita, name: 'Rita' })
    await using one = await signedIn(here, sam)
    await using two = await signedIn(told, sam)
    await using three = await signedIn(untold, sam)
    await using colleague = await signedIn(untold, rita)
    for (const client of [one, two, three]) await client.subscribe({ channel: 'AdminNotificationChannel' })

    await admins?.deactivate(sam.email)
    const sockets = [one, two, three]
    await until('all of them are closed', () => sockets.every(({ closed }) => closed !== null), 2_000)
    expect(sockets.map(({ talk }) => talk.at(-1))).toEqual(sockets.map(() => UNAUTHORIZED))
    await roundTrip(colleague)
    expect(colleague.closed).toBeNull()
  }
  await store.close()
})

test('[P7] whoever is revoked cannot write on while they should hang up', async () => {
  await using at = await testDesk()
  const identifier = JSON.stringify({ channel: 'SupportChatChannel', chat_id: await at.openChat('alice') })
  await using raw = new RawSocket(at.port)
  raw.write(upgradeRequest(`/cable?token=${at.token('alice')}`))
  raw.write(clientFrame(JSON.stringify({ command: 'subscribe', identifier })))
  await raw.hears(2)
  at.desk.revoke({ id: 'alice' })
  await raw.hears(3)
  const data = JSON.stringify({ action: 'send_message', content: 'one last word' })
  raw.write(clientFrame(JSON.stringify({ command: 'message', identifier, data })))
  await until('the desk drops the connection', () => raw.isClosed)
  const messages = await at.call(at.token('alice'), 'GET', '/support_chat/messages?after=0')
  expect(await messages.json()).toEqual([])
})

/** A desk whose host takes its time to say who someone is. */
async function slowHost(): Promise<{
  at: TestDesk
  asked: () => number
  answer: (id: string | null) => void
}> {
  const waiting: ((id: string | null) => void)[] = []
  let asked = 0
  const at = await testDesk({
    async identify() {
      asked++
      const id = await new Promise<string | null>((resolve) => waiting.push(resolve))
      return id === null ? null : { id }
    },
  })
  return { at, asked: () => asked, answer: (id) => waiting.shift()?.(id) }
}

test('[P7] whoever is revoked while the host looks them up is looked up again', async () => {
  const { at, asked, answer } = await slowHost()
  await using _ = at
  await using alice = new CableClient(`ws://127.0.0.1:${at.port}/cable`)
  await until('the host is asked', () => asked() === 1)
  at.desk.revoke({ id: 'alice' })
  answer('alice') // what the host knew before the sign-out
  await until('the host is asked again', () => asked() === 2)
  answer(null)
  await until('the desk hangs up', () => alice.closed)
  expect(alice.frames).toEqual([UNAUTHORIZED])
})

test('[P4] a socket that was not yet let in when the desk stops is sent to another one', async () => {
  const { at, asked, answer } = await slowHost()
  await using _ = at
  await using alice = new CableClient(`ws://127.0.0.1:${at.port}/cable`)
  await until('the host is asked', () => asked() === 1)
  await at.desk.close()
  answer('alice')
  await until('the desk refuses', () => alice.refusedWith)
  expect(alice.refusedWith).toBe(503)
})
