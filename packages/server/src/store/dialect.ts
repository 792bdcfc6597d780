import { type ColumnDataType, type RawBuilder, sql } from 'kysely'

/** The type of a column, as the schema builder takes it. */
type ColumnType = ColumnDataType | RawBuilder<unknown>

/** What a database can do, so that the shared queries ask for a trait instead of a name. */
export interface DialectTraits {
  readonly name: 'sqlite' | 'postgres' | 'mysql'
  /** Whether a transaction locks the rows it names (`for update`), or the whole database has one writer. */
  readonly rowLocks: boolean
  /** The type of one of our ids. */
  readonly idType: ColumnType
  /** The type of a key that others gave: compared byte for byte, never by what looks the same. */
  readonly keyType: ColumnType
  /** The type of a seq, of a timestamp and of a text of up to 10,000 characters. */
  readonly countType: ColumnType
  readonly timeType: ColumnType
  readonly contentType: ColumnType
  /** What ends the statement that creates a table. */
  readonly tableEnd: RawBuilder<unknown>
  /** How one process at a time changes the schema: a transaction is enough, takes a lock as well, or cannot hold it. */
  readonly schemaLock: 'transaction' | 'advisory' | 'named'
  /** Whether a statement that changes the schema commits by itself: a migration may then end half-way. */
  readonly schemaChangesCommit: boolean
  /**
   * Whether `insert or fail` exists. SQLite copies every page that a multi-row insert touches, in case one of its
   * rows fails; a statement that may stop half-way needs no copy, and our transactions are rolled back whole.
   */
  readonly insertOrFail: boolean
  /** Whether one parameter can be an array, out of which a statement makes rows. */
  readonly takesArrays: boolean
  /** Whether a computed column that is added to a table has to be stored in it, or cannot be. */
  readonly storesAddedColumns: boolean
  /** Its clock, in milliseconds since 1970; null where that is the machine's own. */
  readonly clock: RawBuilder<unknown> | null
  /** What texts are found by. */
  readonly fullText: 'fts5' | 'tsvector' | 'fulltext'
  /** Messages of one transaction: more would make the first of them wait for the last, fewer pay its price more often. */
  readonly messagesPerCommit: number
  /** Rows of one multi-row statement. */
  readonly rowsPerStatement: number
  /** Rows that one statement changes, each in its own way: where a statement is a round trip, few of them are wanted. */
  readonly rowsPerUpdate: number
}

export const SQLITE: DialectTraits = {
  name: 'sqlite',
  rowLocks: false,
  idType: 'text',
  keyType: 'text',
  countType: 'integer',
  timeType: 'text',
  contentType: 'text',
  tableEnd: sql``,
  schemaLock: 'transaction',
  schemaChangesCommit: false,
  insertOrFail: true,
  takesArrays: false,
  storesAddedColumns: false,
  clock: null,
  fullText: 'fts5',
  messagesPerCommit: 256,
  rowsPerStatement: 64,
  rowsPerUpdate: 1,
}

export const POSTGRES: DialectTraits = {
  name: 'postgres',
  rowLocks: true,
  // Sorted by bytes whatever the language of the database: cheaper, and the same in all of them.
  idType: sql`text collate "C"`,
  keyType: sql`text collate "C"`,
  countType: 'bigint',
  timeType: 'timestamptz',
  contentType: 'text',
  tableEnd: sql``,
  schemaLock: 'advisory',
  schemaChangesCommit: false,
  insertOrFail: false,
  takesArrays: true,
  storesAddedColumns: true,
  clock: sql`extract(epoch from clock_timestamp()) * 1000`,
  fullText: 'tsvector',
  messagesPerCommit: 512,
  rowsPerStatement: 512,
  rowsPerUpdate: 512,
}

export const MYSQL: DialectTraits = {
  name: 'mysql',
  rowLocks: true,
  idType: 'char(36)',
  // A text ignores spaces at its end when it is compared, whatever its collation: "alice " would be "alice".
  keyType: sql`varbinary(764)`,
  countType: 'bigint',
  timeType: 'datetime(6)',
  contentType: 'text',
  // Whatever the server's defaults are: emoji can be kept, and what differs in one byte differs.
  tableEnd: sql`engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin`,
  schemaLock: 'named',
  schemaChangesCommit: true,
  insertOrFail: false,
  takesArrays: false,
  storesAddedColumns: true,
  clock: sql`timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) / 1000`,
  fullText: 'fulltext',
  messagesPerCommit: 256,
  rowsPerStatement: 256,
  rowsPerUpdate: 64,
}
