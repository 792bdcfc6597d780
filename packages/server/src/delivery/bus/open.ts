import type { Bus } from './bus.ts'
import type { Line } from './line.ts'
import { NatsLine } from './nats.ts'
import { NotifyLine } from './notify.ts'
import { RedisLine } from './redis.ts'
import { RedisClusterLine } from './redis-cluster.ts'
import { RemoteBus } from './remote.ts'

/** What `BUS_URL` may be, for people. */
export const BUS_URL_FORMS = 'redis://…, redis+cluster://host:port,host:port, nats://… or postgres://…'

/** By which line a scheme is spoken with. */
const LINES = new Map<string, (url: string) => Line>([
  ['redis', (url) => new RedisLine(checked(url))],
  ['rediss', (url) => new RedisLine(checked(url))],
  ['redis+cluster', (url) => new RedisClusterLine(url)],
  ['rediss+cluster', (url) => new RedisClusterLine(url)],
  ['nats', (url) => new NatsLine(url)],
  ['postgres', (url) => new NotifyLine(checked(url))],
  ['postgresql', (url) => new NotifyLine(checked(url))],
])

/** The bus that a `BUS_URL` names, not yet connected; null for what names none. */
export function openBus(url: string): Bus | null {
  const line = LINES.get(url.slice(0, Math.max(0, url.indexOf('://'))))
  try {
    return line === undefined ? null : new RemoteBus(line(url))
  } catch {
    return null
  }
}

function checked(url: string): string {
  if (!new URL(url).hostname) throw new Error('no host')
  return url
}
