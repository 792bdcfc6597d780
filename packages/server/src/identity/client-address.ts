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
  return hops.at(-trustProxy)?.trim() || remoteAddress
}
