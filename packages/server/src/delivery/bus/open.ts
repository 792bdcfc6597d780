import { isTlsUnderstood } from '../../store/tls-parameters.ts'
import type { Bus } from './bus.ts'
import type { Line } from './line.ts'
import { NatsLine, natsAddress } from './nats.ts'
import { NotifyLine } from './notify.ts'
import { RedisLine } from './redis.ts'
import { clusterAddress, RedisClusterLine } from './redis-cluster.ts'
import { RemoteBus } from './remote.ts'

/** What `BUS_URL` may be, for people. */
export const BUS_URL_FORMS =
  'redis://…, redis+cluster://host:port,host:port, nats://…, tls://… or postgres://…, a password in it percent-encoded'

/** What makes a line to an address. Throws for what is no such address. */
type Plan = (url: string) => () => Line

/** By which line a scheme is spoken with. */
const PLANS = new Map<string, Plan>([
  ['redis', plan(serverAddress, (url) => new RedisLine(url))],
  ['rediss', plan(serverAddress, (url) => new RedisLine(url))],
  ['redis+cluster', plan(clusterAddress, (address) => new RedisClusterLine(address))],
  ['rediss+cluster', plan(clusterAddress, (address) => new RedisClusterLine(address))],
  ['nats', plan(natsAddress, (address) => new NatsLine(address))],
  ['tls', plan(natsAddress, (address) => new NatsLine(address))],
  ['postgres', plan(postgresAddress, (url) => new NotifyLine(url))],
  ['postgresql', plan(postgresAddress, (url) => new NotifyLine(url))],
])

/** Whether a `BUS_URL` names a bus. */
export function namesBus(url: string): boolean {
  return lineTo(url) !== null
}

/** The bus that a `BUS_URL` names, not yet connected; null for what names none. */
export function openBus(url: string): Bus | null {
  const line = lineTo(url)
  return line && new RemoteBus(line())
}

function lineTo(url: string): (() => Line) | null {
  try {
    return PLANS.get(url.slice(0, Math.max(0, url.indexOf('://'))))?.(url) ?? null
  } catch {
    return null
  }
}

function plan<A>(read: (url: string) => A, line: (address: A) => Line): Plan {
  return (url) => {
    const address = read(url)
    return () => line(address)
  }
}

function serverAddress(url: string): string {
  const { hostname, username, password } = new URL(url)
  if (!hostname) throw new Error('no host')
  for (const part of [username, password]) decodeURIComponent(part)
  return url
}

function postgresAddress(url: string): string {
  if (!isTlsUnderstood(new URL(url))) throw new Error('it would connect without TLS')
  return serverAddress(url)
}
