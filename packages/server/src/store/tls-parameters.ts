/** What `pg` understands of TLS in an address. */
const OF_POSTGRES = new Map<string, RegExp>([
  ['sslmode', /^(disable|prefer|require|verify-ca|verify-full|no-verify)$/],
  ['ssl', /^(true|1|0)$/],
  ['sslnegotiation', /^(postgres|direct)$/],
  ['sslcert', /./],
  ['sslkey', /./],
  ['sslrootcert', /./],
])

/** The same of `mysql2`: options as JSON, or the name of a profile. */
const OF_MYSQL = new Map<string, RegExp>([['ssl', /^(\{.*\}|Amazon RDS)$/s]])

/**
 * Whether all that an address of a database says of TLS is understood. Its driver leaves out what it does not understand,
 * `?sslmode=` of PostgreSQL on MySQL for instance, and then connects without TLS.
 */
export function isTlsUnderstood(url: URL): boolean {
  const known = url.protocol === 'mysql:' ? OF_MYSQL : OF_POSTGRES
  return [...url.searchParams].every(([name, value]) => {
    if (!/ssl|tls/i.test(name)) return true
    return known.get(name)?.test(value) ?? false
  })
}
