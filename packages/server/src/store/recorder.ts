import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { DialectTraits } from './dialect.ts'

/** A database that only writes down what it is asked to do. */
export interface Recorder {
  db: Kysely<never>
  /** The statements so far, oldest first. */
  statements: string[]
}

export function recorder({ name }: Pick<DialectTraits, 'name'>): Recorder {
  const statements: string[] = []
  const parts = {
    sqlite: { Adapter: SqliteAdapter, Introspector: SqliteIntrospector, Compiler: SqliteQueryCompiler },
    postgres: {
      Adapter: PostgresAdapter,
      Introspector: PostgresIntrospector,
      Compiler: PostgresQueryCompiler,
    },
    mysql: { Adapter: MysqlAdapter, Introspector: MysqlIntrospector, Compiler: MysqlQueryCompiler },
  }
  const { Adapter, Introspector, Compiler } = parts[name]
  const db = new Kysely<never>({
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => new RecordingDriver(statements),
      createIntrospector: (on) => new Introspector(on),
      createQueryCompiler: () => new Compiler(),
    },
  })
  return { db, statements }
}

class RecordingDriver extends DummyDriver {
  readonly #statements: string[]

  constructor(statements: string[]) {
    super()
    this.#statements = statements
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return {
      executeQuery: async ({ sql }: CompiledQuery) => {
        this.#statements.push(sql)
        return { rows: [] }
      },
      // biome-ignore lint/correctness/useYield: the interface asks for it; nothing here streams.
      async *streamQuery() {
        throw new Error('nothing is streamed here')
      },
    }
  }
}
