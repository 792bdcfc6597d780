import mysql from 'mysql2/promise'
import pg from 'pg'
import { statements } from '../../server/src/testing/database-server.ts'
import type { OwnServer } from '../../server/src/testing/server-process.ts'

/** The address of the desk's database for a user who may not do what only the server's owner may. */
export async function plainUser(database: OwnServer): Promise<string> {
  const isPostgres = isOnPostgres(database)
  await statements(
    database.url(isPostgres ? 'postgres' : ''),
    ...(isPostgres
      ? ['create role desk login', 'alter database desk owner to desk']
      : [`create user desk@127.0.0.1`, `grant all on desk.* to desk@127.0.0.1`]),
  )
  const url = new URL(database.url('desk'))
  url.username = 'desk'
  return url.href
}

/** Whether a server refuses to write, for everyone but its owner. */
export async function setReadOnly(database: OwnServer, isReadOnly: boolean): Promise<void> {
  if (isOnPostgres(database)) {
    await statements(
      database.url('postgres'),
      'set default_transaction_read_only = off',
      `alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`,
      'select pg_reload_conf()',
    )
  } else {
    await statements(database.url(''), `set global read_only = ${isReadOnly ? 1 : 0}`)
  }
}

interface Stranger {
  /** Ends all connections of the desk. */
  endDesk(): Promise<void>
  leave(): Promise<void>
}

/** Others on the desk's server, who take all connections there are. */
export class Strangers implements AsyncDisposable {
  readonly #isPostgres: boolean
  readonly #url: string
  readonly #all: Stranger[] = []

  constructor(database: OwnServer) {
    this.#isPostgres = isOnPostgres(database)
    this.#url = database.url(this.#isPostgres ? 'postgres' : '')
  }

  /** Those that nobody has. */
  async takeFree(): Promise<void> {
    for (;;) {
      const one = await (this.#isPostgres ? postgresStranger(this.#url) : mariadbStranger(this.#url)).catch(
        () => null,
      )
      if (one === null) return
      this.#all.push(one)
    }
  }

  /** Those of the desk too. */
  async takeAll(): Promise<void> {
    await this.takeFree()
    for (let had = -1; had < this.#all.length; ) {
      had = this.#all.length
      await this.#all[0]?.endDesk()
      await this.takeFree()
    }
  }

  async leave(): Promise<void> {
    await Promise.all(this.#all.splice(0).map((one) => one.leave()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave()
  }
}

async function postgresStranger(url: string): Promise<Stranger> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    endDesk: async () =>
      void (await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'desk'`,
      )),
    leave: () => client.end(),
  }
}

async function mariadbStranger(url: string): Promise<Stranger> {
  const connection = await mysql.createConnection(url)
  return {
    endDesk: async () => void (await connection.query('kill user desk')),
    leave: () => connection.end(),
  }
}

function isOnPostgres(database: OwnServer): boolean {
  return database.url().startsWith('postgres:')
}
