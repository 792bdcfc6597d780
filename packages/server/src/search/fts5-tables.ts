import { type Kysely, sql } from 'kysely'

/**
 * Creates the tables of SQLite's full-text index and takes in what is there; a step of the migrations.
 * The index holds words only, never a text, and forgets for good what is taken out of it (`secure-delete`).
 */
export async function createFts5Tables(db: Kysely<never>, prefix: string): Promise<void> {
  await numberMessages(db, prefix)
  await createWords(db, `${prefix}message_words`, 'words')
  await createWords(db, `${prefix}user_words`, 'email, name')
  await db.schema
    .createTable(`${prefix}user_numbers`)
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().unique())
    .execute()
  for (const trigger of triggers(prefix)) await sql.raw(trigger).execute(db)
  await sql
    .raw(`
    insert into ${prefix}message_words (rowid, words)
    select position, deskbell_words(content) from ${prefix}messages order by position`)
    .execute(db)
  await sql
    .raw(`insert into ${prefix}user_numbers (user_id) select id from ${prefix}users order by created_at, id`)
    .execute(db)
  await sql
    .raw(`
    insert into ${prefix}user_words (rowid, email, name)
    select number, deskbell_words(email), deskbell_words(name)
    from ${prefix}user_numbers join ${prefix}users on id = user_id order by number`)
    .execute(db)
}

// 'ascii' takes all that is not ASCII for letters: dividing and folding such text is ours alone (words.ts).
async function createWords(db: Kysely<never>, table: string, columns: string): Promise<void> {
  await sql
    .raw(`create virtual table ${table} using fts5(${columns}, content='', columnsize=0, tokenize='ascii')`)
    .execute(db)
  await sql.raw(`insert into ${table} (${table}, rank) values ('secure-delete', 1)`).execute(db)
}

/** Rows of the index are named by a number of ours: SQLite's own ones may change when the file is vacuumed. */
async function numberMessages(db: Kysely<never>, prefix: string): Promise<void> {
  const [messages, old] = [`${prefix}messages`, `${prefix}messages_unnumbered`]
  const columns =
    'id, chat_id, seq, client_id, content, sender_type, sender_id, sender_name, read_at, created_at, updated_at'
  const statements = [
    `drop index ${prefix}messages_seq`,
    `drop index ${prefix}messages_client`,
    `alter table ${messages} rename to ${old}`,
    `create table ${messages} (
      position integer primary key,
      id text not null unique,
      chat_id text not null references ${prefix}chats (id) on delete cascade,
      seq integer not null,
      client_id text,
      content text not null,
      sender_type varchar(8) not null,
      sender_id text not null,
      sender_name varchar(200),
      read_at text,
      created_at text not null,
      updated_at text not null)`,
    `insert into ${messages} (${columns}) select ${columns} from ${old} order by rowid`,
    `drop table ${old}`,
    `create unique index ${prefix}messages_seq on ${messages} (chat_id, seq)`,
    `create unique index ${prefix}messages_client on ${messages} (client_id, chat_id, sender_type, sender_id)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** An index without texts has to be told what it should forget. */
function triggers(prefix: string): string[] {
  const forgetMessage = `
    insert into ${prefix}message_words (${prefix}message_words, rowid, words)
    values ('delete', old.position, deskbell_words(old.content));`
  const number = (row: 'old' | 'new') =>
    `(select number from ${prefix}user_numbers where user_id = ${row}.id)`
  const forgetUser = `
    insert into ${prefix}user_words (${prefix}user_words, rowid, email, name)
    values ('delete', ${number('old')}, deskbell_words(old.email), deskbell_words(old.name));`
  const learnUser = `
    insert into ${prefix}user_words (rowid, email, name)
    values (${number('new')}, deskbell_words(new.email), deskbell_words(new.name));`
  return [
    `create trigger ${prefix}messages_gone after delete on ${prefix}messages begin ${forgetMessage} end`,
    `create trigger ${prefix}users_come after insert on ${prefix}users begin
      insert into ${prefix}user_numbers (user_id) values (new.id); ${learnUser} end`,
    `create trigger ${prefix}users_change after update of email, name on ${prefix}users
      when old.email is not new.email or old.name is not new.name begin ${forgetUser} ${learnUser} end`,
    `create trigger ${prefix}users_gone after delete on ${prefix}users begin
      ${forgetUser} delete from ${prefix}user_numbers where user_id = old.id; end`,
  ]
}
