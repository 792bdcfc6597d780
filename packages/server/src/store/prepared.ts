import type { Compilable, CompiledQuery, Kysely, RawBuilder } from 'kysely'
import type { Database } from './schema.ts'

/** A database or a transaction. */
interface Runner {
  executeQuery<R>(query: CompiledQuery<R>): Promise<{ rows: R[] }>
}

/** A query compiled once and run often: on an embedded database, building SQL costs more than running it. */
export interface Prepared<V, O> {
  run(on: Runner, values: V): Promise<O[]>
}

/** Stands in a compiled query where a value of row `row` will be. */
class Marker {
  readonly row: number
  readonly name: string
  constructor(row: number, name: string) {
    this.row = row
    this.name = name
  }
}

/**
 * Compiles what `build` returns; each property of its argument stands where that value will be.
 *
 * @example
 * const byId = prepare((chat: { id: string }) => db.selectFrom('support_chats').selectAll().where('id', '=', chat.id))
 * const [row] = await byId.run(db, { id })
 */
export function prepare<V extends object, O>(build: (values: V) => Compilable<O>): Prepared<V, O> {
  const compiled = build(markers<V>(0)).compile()
  return { run: async (on, values) => (await on.executeQuery(bind(compiled, [values]))).rows }
}

/** The same for a statement over a list of rows: it is compiled once for each length that occurs. */
export function prepareList<V extends object, O>(
  build: (rows: V[]) => Compilable<O>,
): Prepared<readonly V[], O> {
  const bySize = new Map<number, CompiledQuery<O>>()
  return {
    async run(on, rows) {
      if (rows.length === 0) return []
      let compiled = bySize.get(rows.length)
      if (compiled === undefined) {
        compiled = build(rows.map((_, index) => markers<V>(index))).compile()
        bySize.set(rows.length, compiled)
      }
      return (await on.executeQuery(bind(compiled, rows))).rows
    },
  }
}

/** The values of each column of a list of rows. */
export type Columns<V> = { [K in keyof V]: readonly V[K][] }

/** The same where the database takes arrays: one statement for lists of any length. */
export function prepareColumns<V extends object, O>(
  build: (columns: Columns<V>) => Compilable<O>,
): Prepared<readonly V[], O> {
  const compiled = build(markers<Columns<V>>(0)).compile()
  const bound = (rows: readonly object[]) =>
    compiled.parameters.map((value) =>
      value instanceof Marker ? rows.map((row) => (row as Record<string, unknown>)[value.name]) : value,
    )
  return {
    async run(on, rows) {
      if (rows.length === 0) return []
      return (await on.executeQuery<O>({ ...compiled, parameters: bound(rows) })).rows
    },
  }
}

/** SQL that is written out, to be prepared. */
export function compilable<O>(db: Kysely<Database>, query: RawBuilder<O>): Compilable<O> {
  return { compile: () => query.compile(db) }
}

// A marker only has to pass through the compiler as an opaque value; its static type is the value it stands for.
function markers<V extends object>(row: number): V {
  return new Proxy({}, { get: (_, name) => new Marker(row, String(name)) }) as V
}

function bind<O>(compiled: CompiledQuery<O>, rows: readonly object[]): CompiledQuery<O> {
  const parameters = compiled.parameters.map((value) =>
    value instanceof Marker ? (rows[value.row] as Record<string, unknown>)[value.name] : value,
  )
  return { ...compiled, parameters }
}
