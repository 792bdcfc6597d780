import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDesk, type Desk } from 'deskbell'
import { ground } from './grounds.ts'
import { tokenFor } from './load/parts.ts'
import { seed } from './seeding.ts'

/** One call of the dashboard, in milliseconds of the server's own time, with few chats and with many. */
export interface InboxCost {
  call: string
  few: { p50Ms: number; p99Ms: number }
  many: { p50Ms: number; p99Ms: number }
  /** How many times as long the median takes with many; null where no bar is set for it. */
  limit: number | null
}

const SECRET = 'bench-secret-of-at-least-32-characters'
const FEW = { users: 1_000, messages: 10_000 }
const MANY = { users: 100_000, messages: 1_000_000 }
const PAGE = 20
const DEEP_PAGE = 1_000
const CALLS = 100
/** What is typed, from a word that nobody wrote to one in half of the messages. */
const SEARCHES = [
  ['a word that is rare', 'A10019'],
  ['a word that is common', 'the'],
  ['the beginning of words', 'ref'],
  ['several words', 'refund lamp'],
  ['a phrase', '"delivery address"'],
  ['Chinese', '退款'],
] as const

/** Asks a desk of 1,000 chats and one of 100,000 the same, in turns: on SQLite, or on a server with two databases. */
export async function measureInbox(
  on: 'sqlite' | 'postgres',
  tell: (progress: string) => void,
): Promise<InboxCost[]> {
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-bench-'))
  await using server = on === 'postgres' ? await ground('postgres', [], ['few', 'many']) : null
  const at = (name: string) => server?.url(name) ?? `sqlite:${join(folder, `${name}.db`)}`
  try {
    const few = await inbox(at('few'), FEW, tell)
    const many = await inbox(at('many'), MANY, tell)
    const costs: InboxCost[] = []
    for (const [call, limit, pathsOf] of CALLS_OF_AN_ADMIN) {
      tell(`inbox: ${call}`)
      const [fewPaths, manyPaths] = [await pathsOf(few), await pathsOf(many)]
      const [fewMs, manyMs]: [number[], number[]] = [[], []]
      // The first round warms up: whoever looks at a chat for the first time also marks it viewed.
      for (let n = -CALLS; n < CALLS; n++) {
        const took = [await timed(few, fewPaths, n + CALLS), await timed(many, manyPaths, n + CALLS)] as const
        if (n < 0) continue
        fewMs.push(took[0])
        manyMs.push(took[1])
      }
      costs.push({ call, limit, few: percentiles(fewMs), many: percentiles(manyMs) })
    }
    await few.desk.close()
    await many.desk.close()
    return costs
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Inbox {
  desk: Desk
  get(path: string): Promise<Response>
}

const MOST_SLOWER = 1.5

const CALLS_OF_AN_ADMIN: readonly (readonly [
  call: string,
  limit: number | null,
  paths: (inbox: Inbox) => Promise<string[]>,
])[] = [
  ['the list', MOST_SLOWER, async () => [`/admin/chats?limit=${PAGE}`]],
  ['its thousandth page, or the last', null, async (inbox) => [await deepPage(inbox)]],
  ['a conversation', MOST_SLOWER, conversations],
  ...SEARCHES.map(
    ([what, typed]) =>
      [`searching ${what}`, null, async () => [`/admin/search?q=${encodeURIComponent(typed)}`]] as const,
  ),
]

async function inbox(
  databaseUrl: string,
  { users, messages }: typeof FEW,
  tell: (progress: string) => void,
): Promise<Inbox> {
  tell(`inbox: seeding ${users} chats with ${messages} messages`)
  await seed(databaseUrl, users, messages)
  const desk = createDesk({ databaseUrl, secret: SECRET, logLevel: 'silent' })
  await desk.ready
  const authorization = `Bearer ${tokenFor({ secret: SECRET }, 'admin', { role: 'admin' })}`
  return {
    desk,
    get: (path) => desk.fetch(new Request(`http://desk.test/api${path}`, { headers: { authorization } })),
  }
}

async function deepPage({ get }: Inbox): Promise<string> {
  let path = `/admin/chats?limit=${PAGE}`
  for (let page = 1; page < DEEP_PAGE; page++) {
    const next = /<\/api([^>]+)>; rel="next"/.exec((await get(path)).headers.get('link') ?? '')?.[1]
    if (next === undefined) break
    path = next
  }
  return path
}

async function conversations({ get }: Inbox): Promise<string[]> {
  const rows = (await (await get(`/admin/chats?limit=${CALLS}`)).json()) as { id: string }[]
  return rows.map(({ id }) => `/admin/chats/${id}`)
}

async function timed({ get }: Inbox, paths: readonly string[], n: number): Promise<number> {
  const path = paths[n % paths.length] ?? ''
  const startMs = performance.now()
  const answer = await get(path)
  await answer.arrayBuffer()
  const tookMs = performance.now() - startMs
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  return tookMs
}

function percentiles(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}
