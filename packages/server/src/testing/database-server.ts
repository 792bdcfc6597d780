import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CERTIFICATE, KEY, type OwnServer, ServerProcess } from './server-process.ts'

const FAST_POSTGRES = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const FAST_MARIADB = [
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
  '--innodb-doublewrite=0',
  '--innodb-flush-method=nosync',
]

/** Where a test is about what survives, the server keeps it; elsewhere it is quick. */
export type Durability = 'quick' | 'durable'

/** How a server is served, beside what is usual. */
export interface Serving {
  /** A place in its folder that is a disk of its own. */
  disk?: string
  /** Whether it has a certificate, for those who want TLS. */
  isCertified?: boolean
}

export async function postgresServer(durability: Durability, serving: Serving = {}): Promise<OwnServer> {
  const all = (durability === 'quick' ? FAST_POSTGRES : []).flatMap((one) => ['-c', one])
  return await ServerProcess.start({
    ...serving,
    account: 'postgres',
    // Its own word for "at once": killed, it would leave processes behind that the next start stumbles over.
    stopSignal: 'SIGQUIT',
    programs: ['postgres', 'initdb'],
    packageName: 'postgresql',
    initialise: (folder) => [
      'initdb',
      '-D',
      join(folder, 'data'),
      '-A',
      'trust',
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '-N',
    ],
    serve: (folder, port) => [
      'postgres',
      '-D',
      join(folder, 'data'),
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-k',
      folder,
      ...all,
      ...(serving.isCertified === true ? certified(folder) : []),
    ],
    url: (port, database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    ask: (port) => postgresAnswer(`postgres://postgres@127.0.0.1:${port}/postgres`, ['select 1']),
  })
}

export async function mariadbServer(durability: Durability, serving: Serving = {}): Promise<OwnServer> {
  const all = durability === 'quick' ? FAST_MARIADB : []
  const data = (folder: string) => `--datadir=${join(folder, 'data')}`
  return await ServerProcess.start({
    ...serving,
    account: 'mysql',
    stopSignal: 'SIGKILL',
    programs: ['mariadbd', 'mariadb-install-db'],
    packageName: 'mariadb-server',
    initialise: (folder) => [
      'mariadb-install-db',
      '--no-defaults',
      data(folder),
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    serve: (folder, port) => [
      'mariadbd',
      '--no-defaults',
      data(folder),
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 's')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--skip-name-resolve',
      ...all,
      ...(serving.isCertified === true
        ? [`--ssl-cert=${join(folder, CERTIFICATE)}`, `--ssl-key=${join(folder, KEY)}`]
        : []),
    ],
    url: (port, database) => `mysql://root@127.0.0.1:${port}/${database}`,
    ask: (port) => mariadbAnswer(`mysql://root@127.0.0.1:${port}/`, ['select 1']),
  })
}

/** With TLS; `sam` needs a password, and `tess` needs TLS as well. */
function certified(folder: string): string[] {
  const rules = ['host all sam 127.0.0.1/32 scram-sha-256', 'hostssl all tess 127.0.0.1/32 scram-sha-256']
  writeFileSync(join(folder, 'hba.conf'), [...rules, 'host all postgres 127.0.0.1/32 trust', ''].join('\n'))
  return ['ssl=on', `ssl_cert_file=${join(folder, CERTIFICATE)}`, `ssl_key_file=${join(folder, KEY)}`]
    .concat(`hba_file=${join(folder, 'hba.conf')}`)
    .flatMap((one) => ['-c', one])
}

/** Runs statements on a server, or on one of its databases, without any code of the desk. */
export async function statements(url: string, ...all: string[]): Promise<void> {
  if (url.startsWith('postgres:')) await postgresAnswer(url, all)
  else await mariadbAnswer(url, all)
}

async function postgresAnswer(url: string, statements: readonly string[]): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {}) // it may be the server that is being killed
  try {
    await client.connect()
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function mariadbAnswer(url: string, statements: readonly string[]): Promise<void> {
  const { default: mysql } = await import('mysql2/promise')
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 5_000 })
  try {
    for (const statement of statements) await connection.query(statement)
  } finally {
    await connection.end()
  }
}
