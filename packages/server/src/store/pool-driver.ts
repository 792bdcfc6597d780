import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely'
import { DatabaseFailure, type FailureKind } from './failure.ts'
import { isUnhurried } from './unhurried.ts'
import { WaitingLine } from './waiting-line.ts'

/** A server that takes longer has stalled, or works for nobody: whoever asked has given up by then. */
const LONGEST_STATEMENT_MS = 4_000

/** A desk that says nothing for so long in a transaction has vanished: it must not keep its locks. */
export const LONGEST_SILENCE_S = 3

/** Where a driver has its pool from, once the first query needs it. */
export interface PoolSource {
  open(): Promise<Pool>
  /** Whether the pool is ended with the store. */
  readonly isOurs: boolean
}

/** What is the same over all connections to one kind of database. */
export interface Manners {
  /** The statements that begin a transaction in which each statement reads what is committed by then. */
  readonly begin: readonly string[]
  /** What an error of the database means for whoever asked; null when it is about what was asked. */
  failureKind(error: unknown): FailureKind | null
}

/** A pool of connections to a database, as each database's own package has one. */
export interface Pool extends Manners {
  connect(): Promise<PoolClient>
  end(): Promise<void>
}

/** A connection, for as long as it is out of its pool. */
export interface PoolClient {
  query(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>>
  /** Gives it back to the pool, which ends one that is broken. */
  release(isBroken: boolean): void
}

/** Kysely's driver on a pool. */
export class PoolDriver implements Driver {
  readonly #source: PoolSource
  #pool: Pool | undefined
  #line: WaitingLine<PoolClient> | undefined

  constructor(source: PoolSource) {
    this.#source = source
  }

  async init(): Promise<void> {
    const pool = await this.#source.open()
    this.#pool = pool
    this.#line = new WaitingLine(
      () => pool.connect(),
      (client) => client.release(false),
    )
  }

  async acquireConnection(): Promise<PooledConnection> {
    const pool = this.#pool
    if (pool === undefined || this.#line === undefined) {
      throw new Error('unreachable: Kysely initialises its driver first')
    }
    return new PooledConnection(pool, await this.#line.next())
  }

  async beginTransaction(connection: PooledConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: PooledConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: PooledConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(connection: PooledConnection): Promise<void> {
    connection.release()
    this.#line?.returned()
  }

  async destroy(): Promise<void> {
    if (this.#source.isOurs) await this.#pool?.end()
  }
}

export class PooledConnection implements DatabaseConnection {
  readonly #pool: Pool
  readonly #client: PoolClient
  #isBroken = false

  constructor(pool: Pool, client: PoolClient) {
    this.#pool = pool
    this.#client = client
  }

  async executeQuery<R>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const answer = this.#client.query(sql, parameters) as Promise<QueryResult<R>>
    try {
      return await (isUnhurried(query) ? answer : inTime(answer))
    } catch (error) {
      dropContents(error)
      const kind = error instanceof Late ? 'lost' : this.#pool.failureKind(error)
      // Also where the server cannot do it: behind its address, another one may be the one that can.
      if (kind === 'lost' || kind === 'unavailable') this.#isBroken = true
      throw kind === null ? error : new DatabaseFailure(kind, error)
    }
  }

  // biome-ignore lint/correctness/useYield: the interface asks for it; nothing here streams.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('the desk does not stream queries')
  }

  async begin(): Promise<void> {
    for (const statement of this.#pool.begin) await this.executeQuery(CompiledQuery.raw(statement))
  }

  async rollback(): Promise<void> {
    if (this.#isBroken) return
    await this.executeQuery(CompiledQuery.raw('rollback')).catch(() => {
      this.#isBroken = true
    })
  }

  release(): void {
    this.#client.release(this.#isBroken)
  }
}

/** Drivers hang the statement or the row on an error, with messages and sign-ins in it, and errors are logged. */
function dropContents(error: unknown): void {
  if (!(error instanceof Error)) return
  for (const name of ['sql', 'detail']) Reflect.deleteProperty(error, name)
}

class Late extends Error {}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Late(`no answer within ${LONGEST_STATEMENT_MS} ms`))
    timer = setTimeout(giveUp, LONGEST_STATEMENT_MS)
  })
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
