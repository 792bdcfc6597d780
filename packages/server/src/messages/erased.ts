import { createHash } from 'node:crypto'
import { DeskbellError } from '@deskbell/protocol'
import type { Kysely, Transaction } from 'kysely'
import type { Engine } from '../engine.ts'
import { once } from '../store/once.ts'
import { prepare } from '../store/prepared.ts'
import type { Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { timestamp } from '../store/time.ts'

/** Marks what a user sent in a locked chat as erased: from the commit on, no retry brings any of it back. */
export async function markErased(
  { store, clock }: Pick<Engine, 'store' | 'clock'>,
  trx: Transaction<Database>,
  externalId: string,
  chatId: string,
): Promise<void> {
  const attempts = await trx
    .selectFrom('support_messages')
    .select('client_id')
    .where('chat_id', '=', chatId)
    .where('sender_type', '=', 'user')
    .where('client_id', 'is not', null)
    .execute()
  const hashes = attempts.flatMap(({ client_id }) =>
    client_id === null ? [] : attemptHash(externalId, client_id),
  )
  const erased_at = timestamp(clock.now() * 1000)
  const { rowsPerStatement } = store.dialect
  for (let from = 0; from < hashes.length; from += rowsPerStatement) {
    const part = hashes.slice(from, from + rowsPerStatement)
    // A desk of an older version on the same database may have let one through, which is then erased again.
    await trx.deleteFrom('support_erased_attempts').where('hash', 'in', part).execute()
    await trx
      .insertInto('support_erased_attempts')
      .values(part.map((hash) => ({ hash, erased_at })))
      .execute()
  }
}

/**
 * Throws `conflict` for an attempt whose message is erased. To be called after the chat was looked up: what was
 * erased of its user was erased before that chat was made, and an erasure from then on leaves no chat to send to.
 */
export async function refuseErased(
  store: Store,
  on: Kysely<Database>,
  externalId: string,
  clientId: string | null,
): Promise<void> {
  if (clientId === null) return
  const [mark] = await queries(store).mark.run(on, { hash: attemptHash(externalId, clientId) })
  if (mark !== undefined) throw new DeskbellError('conflict', 'This message was erased or has moved.')
}

/**
 * Lets through what one connection sends in a chat that was looked up, unless it is erased. For the same reason, where
 * nothing at all is erased by the first message, later ones need no look: none of them can be.
 */
export class RetryGate {
  readonly #store: Store
  readonly #externalId: string
  #mayBeErased: boolean | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(store: Store, externalId: string) {
    this.#store = store
    this.#externalId = externalId
  }

  /** Resolves when the attempt may be stored, in the order of asking. Throws `conflict` when it is erased. */
  pass(clientId: string | null): Promise<void> {
    const turn = this.#last.then(() => this.#check(clientId))
    this.#last = turn.catch(() => {})
    return turn
  }

  async #check(clientId: string | null): Promise<void> {
    if (clientId === null) return
    const store = this.#store
    this.#mayBeErased ??= (await queries(store).any.run(store.db, {})).length > 0
    if (this.#mayBeErased) await refuseErased(store, store.db, this.#externalId, clientId)
  }
}

/** A client_id is random, so its hash tells nothing of anyone: it may stay when all else of a person is gone. */
function attemptHash(externalId: string, clientId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([externalId, clientId]))
    .digest('hex')
}

const queries = once(({ db }: Store) => ({
  mark: prepare((attempt: { hash: string }) =>
    db.selectFrom('support_erased_attempts').select('hash').where('hash', '=', attempt.hash),
  ),
  any: prepare(() => db.selectFrom('support_erased_attempts').select('hash').limit(1)),
}))
