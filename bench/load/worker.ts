/** The load process: does what the bench asks for over IPC, one order at a time. */
import type { Faults } from './client.ts'
import type { Part } from './dialects.ts'
import { closedLoop, fanOut, openLoop, type Run } from './drive.ts'
import { Fleet, type FleetTarget } from './fleet.ts'
import { adminPart, type Credentials, openChats } from './parts.ts'

/** What the load can be asked for, with the type of its answer. */
export interface Orders {
  /** Where those go who connect from now on. */
  aim(target: FleetTarget & { credentials: Credentials }): void
  /** Opens the chats of that many more users. */
  openChats(count: number): void
  /** Connects that many of the users whose chats are open; answers when half and when all were confirmed. */
  connectUsers(order: { count: number; perSecond: number; timeoutMs: number }): {
    p50Ms: number
    tookMs: number
  }
  connectAdmins(order: { count: number; perSecond: number; timeoutMs: number }): void
  closedLoop(seconds: number): Run & { cpuShare: number }
  openLoop(order: { rate: number; seconds: number }): Run
  fanOut(messages: number): Run
  /** Disconnects everyone; answers what went wrong and how many messages each chat must now hold. */
  finish(): { faults: Faults; acknowledged: [chatId: string, count: number][] }
}

type Order = { [Name in keyof Orders]: { name: Name; value: Parameters<Orders[Name]>[0] } }[keyof Orders]

let fleet: Fleet | null = null
let credentials: Credentials = 'name'
let port = 0
let opened = 0
const waiting: Part[] = []

async function obey(order: Order): Promise<unknown> {
  switch (order.name) {
    case 'aim':
      credentials = order.value.credentials
      port = order.value.users[0] ?? 0
      fleet ??= new Fleet(order.value)
      fleet.aim(order.value)
      return
    case 'openChats':
      waiting.push(...(await openChats(port, credentials, opened, order.value)))
      opened += order.value
      return
    case 'connectUsers':
      return connect(waiting.splice(0, order.value.count), order.value)
    case 'connectAdmins':
      return connect(
        Array.from({ length: order.value.count }, (_, number) => adminPart(credentials, number)),
        order.value,
      )
    case 'closedLoop': {
      const before = process.cpuUsage()
      const run = await closedLoop(aimed(), order.value)
      const { user, system } = process.cpuUsage(before)
      return { ...run, cpuShare: (user + system) / (order.value * 1e6) }
    }
    case 'openLoop':
      return openLoop(aimed(), order.value.rate, order.value.seconds)
    case 'fanOut':
      return fanOut(aimed(), order.value)
    case 'finish':
      return finish()
  }
}

async function connect(parts: Part[], order: { perSecond: number; timeoutMs: number }) {
  const confirmedMs = await aimed().connect(parts, order.perSecond, order.timeoutMs)
  return { p50Ms: confirmedMs[confirmedMs.length >> 1] ?? 0, tookMs: confirmedMs.at(-1) ?? 0 }
}

function finish() {
  const { users, faults } = aimed()
  aimed().close()
  const acknowledged = users.map((user) => [chatOf(user.part), user.acknowledgedCount] as const)
  return { faults, acknowledged }
}

function chatOf(part: Part): string {
  return part.role === 'user' ? part.chatId : ''
}

function aimed(): Fleet {
  if (fleet === null) throw new Error('the load has not been aimed at a server')
  return fleet
}

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
