import pino from 'pino'
import { Looks } from '../delivery/looks.ts'
import type { Engine } from '../engine.ts'
import { idMaker } from '../store/id.ts'
import { openStore, type Store } from '../store/store.ts'
import { silentMeter } from './engine.ts'
import { type Reached, TRANSACTIONS } from './mail-steps.ts'
import type { Orders } from './mail-workers.ts'
import { postmanOf } from './postman-of.ts'

// A desk's worker in a process of its own: it looks into the outbox until it is killed.
const orders = JSON.parse(process.argv[2] ?? '') as Orders
const { databaseUrl, mailUrl, clock, notifyAfterMs, stopAt, mailBytes } = orders

const engine: Engine & { looks: Looks } = {
  store: watched(openStore(databaseUrl)),
  clock: { now: () => clock.atMs + (Date.now() - clock.setAtMs) * clock.speed },
  newId: idMaker(),
  publish() {},
  meter: silentMeter,
  log: pino({ level: 'fatal' }),
  hasOtherDesks: false,
  notifyAfterMs,
  looks: new Looks(),
}
const large = (html: string) => ({ subject: 'A large one', text: 'in HTML only', html })
const postman = postmanOf(engine, { mailUrl }, mailBytes > 0 ? () => large('x'.repeat(mailBytes)) : null)

process.stdout.write('begun\n')
reach('before it looks')
for (;;) {
  await postman.round()
  await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Says where it is, and stops for ever if that is where it shall be killed. */
function reach(step: Reached): void {
  if (step !== stopAt) return
  process.stdout.write('there\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** A store that tells how far its transactions get: a mail takes three. */
function watched(store: Store): Store {
  const transaction = store.db.transaction.bind(store.db)
  let count = 0
  store.db.transaction = () => {
    const builder = transaction()
    const execute = builder.execute.bind(builder)
    builder.execute = async (work) => {
      const [begins, isToCommit, hasCommitted] = TRANSACTIONS[count++ % TRANSACTIONS.length] ?? []
      if (begins) reach(begins)
      const result = await execute(async (trx) => {
        const done = await work(trx)
        if (isToCommit) reach(isToCommit)
        return done
      })
      if (hasCommitted) reach(hasCommitted)
      return result
    }
    return builder
  }
  return store
}
