/** What a database can do, so that the shared queries ask for a trait instead of a name. */
export interface DialectTraits {
  readonly name: 'sqlite'
  /** Whether a transaction locks the rows it names (`for update`), or the whole database has one writer. */
  readonly rowLocks: boolean
  /** The type of an id or key, of a timestamp and of a text of up to 10,000 characters. */
  readonly idType: 'text'
  readonly timeType: 'text'
  readonly contentType: 'text'
  /**
   * Whether `insert or fail` exists. SQLite copies every page that a multi-row insert touches, in case one of its
   * rows fails; a statement that may stop half-way needs no copy, and our transactions are rolled back whole.
   */
  readonly insertOrFail: boolean
  /** Whether a computed column that is added to a table has to be stored in it, or cannot be. */
  readonly storesAddedColumns: boolean
  /** What texts are found by. */
  readonly fullText: 'fts5'
  /** Rows of one multi-row statement. */
  readonly rowsPerStatement: number
}

export const SQLITE: DialectTraits = {
  name: 'sqlite',
  rowLocks: false,
  idType: 'text',
  timeType: 'text',
  contentType: 'text',
  insertOrFail: true,
  storesAddedColumns: false,
  fullText: 'fts5',
  rowsPerStatement: 64,
}
