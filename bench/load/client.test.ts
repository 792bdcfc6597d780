import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { Client, type Faults, noFaults } from './client.ts'
import { DIALECTS } from './dialects.ts'

const open: { close(): void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

/** A client in conversation with a server that answers each message with the seqs that `answer` gives. */
async function sendTo(answer: (attempt: number) => number[], messages: number) {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'actioncable-v1-json' })
  server.on('connection', (socket) => greet(socket, answer))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const faults = noFaults()
  const observer = { confirmed: vi.fn(), acknowledged: vi.fn(), notified: vi.fn(), dropped: vi.fn() }
  const part = { role: 'user', token: 'ann', chatId: 'c' } as const
  const client = new Client(port, DIALECTS.cable, part, 'Hello', faults, observer)
  open.push(server, client)
  await vi.waitUntil(() => client.isConfirmed)
  for (let sent = 0; sent < messages; sent++) client.send(performance.now())
  return { client, faults }
}

function greet(socket: WebSocket, answer: (attempt: number) => number[]) {
  let attempt = 0
  socket.send('{"type":"welcome"}')
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { command: string; identifier: string; data: string }
    const { identifier } = frame
    if (frame.command === 'subscribe') {
      socket.send(JSON.stringify({ identifier, type: 'confirm_subscription' }))
      return
    }
    const { client_id } = JSON.parse(frame.data) as { client_id: string }
    for (const seq of answer(++attempt)) {
      const message = { seq, client_id: seq === attempt ? client_id : '99999999-somebody' }
      socket.send(JSON.stringify({ identifier, message: { type: 'new_message', message } }))
    }
  })
}

const faultsOf = (some: Partial<Faults>): Faults => ({ ...noFaults(), ...some })

test('[P2] a server that answers every message in order has no faults', async () => {
  const { client, faults } = await sendTo((attempt) => [attempt], 120)
  await vi.waitUntil(() => client.inFlight === 0)
  client.close()
  expect([client.acknowledgedCount, client.lastSeq, faults]).toEqual([120, 120, noFaults()])
})

test('[P3] a message that is delivered twice is counted as doubled', async () => {
  const { client, faults } = await sendTo((attempt) => (attempt === 2 ? [2, 2] : [attempt]), 3)
  await vi.waitUntil(() => client.inFlight === 0)
  expect(faults).toEqual(faultsOf({ doubled: 1, outOfOrder: 1 }))
})

test('[P2] a gap is counted as out of order', async () => {
  const { client, faults } = await sendTo((attempt) => (attempt === 1 ? [1, 3] : [attempt]), 2)
  await vi.waitUntil(() => client.inFlight === 0)
  expect(faults.outOfOrder).toBeGreaterThan(0)
})

test('[P1] a message that is never acknowledged is counted as lost', async () => {
  const { client, faults } = await sendTo((attempt) => (attempt === 2 ? [] : [attempt]), 2)
  await vi.waitUntil(() => client.inFlight === 1)
  client.close()
  expect(faults).toEqual(faultsOf({ lost: 1 }))
})
