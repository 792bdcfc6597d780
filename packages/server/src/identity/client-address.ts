import { isIPv6 } from 'node:net'

/** Some proxies write the port, too, which is another one for each connection. */
const WITH_PORT = /^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/
/** What stands before an IPv4 address: mapped (RFC 4291, section 2.5.5.2) or translated (RFC 6052, section 2.1). */
const IPV4_INSIDE = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0']

/**
 * The address a request came from. Each trusted proxy appends the address it saw to X-Forwarded-For, so with
 * n of them the n-th entry from the right is the client; what stands left of it anyone can have written.
 */
export function clientAddress(
  headers: Headers,
  remoteAddress: string | null,
  trustProxy: number,
): string | null {
  if (trustProxy === 0) return remoteAddress
  const hops = headers.get('x-forwarded-for')?.split(',') ?? []
  const hop = hops.at(-trustProxy)?.trim() ?? ''
  return hop.replace(WITH_PORT, '$1$2') || remoteAddress
}

/**
 * What one household or one server has: an IPv4 address, or a whole /64 of IPv6, whose 2^64 addresses would
 * otherwise be as many strangers. An IPv4 address inside an IPv6 one counts as itself, and so does what is none.
 */
export function addressGroup(address: string): string {
  const bare = address.replace(/%.*$/, '')
  if (!isIPv6(bare)) return address
  const groups = groupsOf(bare)
  if (IPV4_INSIDE.includes(groups.slice(0, 6).join(':'))) return lastAsIPv4(groups)
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an address, as the URL standard writes them: without leading zeros, in lower case. */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address}]`)
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

function lastAsIPv4(groups: readonly string[]): string {
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
  return bytes.join('.')
}
