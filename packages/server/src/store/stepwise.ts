import { type Kysely, sql } from 'kysely'
import { codeOf } from './failure.ts'

/** What MySQL says of a statement that was done already. */
const DONE_BEFORE = ['ER_TABLE_EXISTS_ERROR', 'ER_DUP_FIELDNAME', 'ER_DUP_KEYNAME', 'ER_FK_DUP_NAME']

/**
 * Applies the statements of a migration where the database commits each by itself: the ledger notes every step, so that a
 * migration whose process ended half-way goes on behind its last one. One step may be done and not noted yet: the first.
 */
export async function applyStepwise(
  db: Kysely<never>,
  ledger: string,
  name: string,
  statements: readonly string[],
): Promise<void> {
  const noted = await readSteps(db, ledger, name)
  if (noted.size === 0) await noteMigration(db, ledger, stepName(name, 0))
  let mayBeDone = noted.size > 0
  for (const [index, statement] of statements.entries()) {
    const step = stepName(name, index + 1)
    if (noted.has(step)) continue
    await transaction(db, async () => {
      const work = sql.raw(statement).execute(db)
      await (mayBeDone ? unlessDone(work) : work)
      await noteMigration(db, ledger, step)
    })
    mayBeDone = false
  }
  // From here on the steps are one.
  await transaction(db, async () => {
    await noteMigration(db, ledger, name)
    await sql`delete from ${sql.table(ledger)} where name like ${`${name}/%`}`.execute(db)
  })
}

/** Notes a migration, or a step of one, in the ledger. */
export async function noteMigration(db: Kysely<never>, ledger: string, name: string): Promise<void> {
  const at = new Date().toISOString()
  await sql`insert into ${sql.table(ledger)} (name, applied_at) values (${name}, ${at})`.execute(db)
}

const stepName = (name: string, number: number) => `${name}/${number}`

async function readSteps(db: Kysely<never>, ledger: string, name: string): Promise<Set<string>> {
  const query = sql<{ name: string }>`select name from ${sql.table(ledger)} where name like ${`${name}/%`}`
  return new Set((await query.execute(db)).rows.map((row) => row.name))
}

async function unlessDone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!DONE_BEFORE.includes(codeOf(error))) throw error
  })
}

/** Rows change in one transaction with their note; what changes the schema is committed before it. */
async function transaction(db: Kysely<never>, work: () => Promise<void>): Promise<void> {
  await sql`start transaction`.execute(db)
  try {
    await work()
    await sql`commit`.execute(db)
  } catch (error) {
    await sql`rollback`.execute(db).catch(() => {})
    throw error
  }
}
