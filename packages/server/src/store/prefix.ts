import {
  type IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type SchemableIdentifierNode,
} from 'kysely'
import { DEFAULT_PREFIX, TABLES } from './schema.ts'

const OURS: ReadonlySet<string> = new Set(TABLES)

/** Renames our tables on their way to the database, for operators who want another prefix than `support_`. */
export class TablePrefix implements KyselyPlugin {
  readonly #transformer: PrefixTransformer

  constructor(prefix: string) {
    this.#transformer = new PrefixTransformer(prefix)
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs) {
    return this.#transformer.transformNode(node, queryId)
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    return result
  }
}

class PrefixTransformer extends OperationNodeTransformer {
  readonly #prefix: string

  constructor(prefix: string) {
    super()
    this.#prefix = prefix
  }

  protected override transformSchemableIdentifier(node: SchemableIdentifierNode): SchemableIdentifierNode {
    return { ...node, identifier: this.#renamed(node.identifier) }
  }

  #renamed(identifier: IdentifierNode): IdentifierNode {
    // Exactly our names: a subquery comes by twice, and a prefix may itself begin with the default one.
    if (!OURS.has(identifier.name)) return identifier
    return { ...identifier, name: this.#prefix + identifier.name.slice(DEFAULT_PREFIX.length) }
  }
}
