const { openStore } = await import('./packages/server/src/index.ts')
const { migrate } = await import('./packages/server/src/store/migrations.ts')
const store = openStore('sqlite::memory:')
let finish
const gate = new Promise((r) => { finish = r })
const busy = store.db.connection().execute(() => gate).then(() => console.log('busy over'))
store.db.transaction().execute(async () => console.log('trx'))
migrate(store).then(() => console.log('migrated'))
await new Promise((r) => setTimeout(r, 300))
console.log('finish')
finish()
await busy
