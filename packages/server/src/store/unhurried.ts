import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  RootOperationNode,
} from 'kysely'
import type { Store } from './store.ts'

const MARK = 'isUnhurried'

/** A store whose statements take as long as they do: those of a migration or of a copy, which nobody waits for. */
export function unhurried(store: Store): Store {
  return { ...store, db: store.db.withPlugin(new Unhurried()) }
}

export function isUnhurried(query: RootOperationNode): boolean {
  return MARK in query
}

class Unhurried implements KyselyPlugin {
  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    const marked = { ...node, [MARK]: true }
    return marked
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    return result
  }
}
