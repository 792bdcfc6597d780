import type { Store } from './store.ts'

/** Makes a room's prepared queries once for each store, without module-level state that outlives one. */
export function once<Q>(make: (store: Store) => Q): (store: Store) => Q {
  const made = new WeakMap<Store, Q>()
  return (store) => {
    let queries = made.get(store)
    if (queries === undefined) {
      queries = make(store)
      made.set(store, queries)
    }
    return queries
  }
}
