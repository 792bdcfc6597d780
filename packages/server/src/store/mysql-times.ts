import {
  type BinaryOperationNode,
  type ColumnUpdateNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PrimitiveValueListNode,
  RawNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  type WhenNode,
} from 'kysely'
import { isTimeColumn } from './time-columns.ts'

/** MySQL does not read the times that everyone else writes (ISO 8601 with a Z): they are translated in the statement. */
export class MysqlTimes implements KyselyPlugin {
  readonly #transformer = new TimesTransformer()

  transformQuery({ node, queryId }: PluginTransformQueryArgs) {
    return this.#transformer.transformNode(node, queryId)
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    return result
  }
}

class TimesTransformer extends OperationNodeTransformer {
  #isTime = false

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    const { columns, values } = node
    if (columns === undefined || values === undefined || !ValuesNode.is(values)) return node
    const isTime = columns.map(({ column }) => isTimeColumn(column.name))
    const lists = values.values.map((list) => {
      const items = PrimitiveValueListNode.is(list)
        ? list.values.map((value) => ValueNode.create(value))
        : list.values
      return ValueListNode.create(items.map((item, index) => (isTime[index] ? read(item) : item)))
    })
    return { ...node, values: ValuesNode.create(lists) }
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode): ColumnUpdateNode {
    return this.#within(isTime(node.column), () => super.transformColumnUpdate(node))
  }

  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    return this.#within(isTime(node.leftOperand), () => super.transformBinaryOperation(node))
  }

  protected override transformWhen(node: WhenNode): WhenNode {
    const { condition, result } = node
    return {
      ...node,
      condition: this.#within(false, () => this.transformNode(condition)),
      ...(result === undefined ? {} : { result: this.transformNode(result) }),
    }
  }

  protected override transformNodeImpl<T extends OperationNode>(node: T): T {
    const transformed = super.transformNodeImpl(node)
    // A text in the place of the text that it translates.
    return this.#isTime && ValueNode.is(node) ? (read(transformed) as OperationNode as T) : transformed
  }

  #within<T>(isTime: boolean, transform: () => T): T {
    const before = this.#isTime
    this.#isTime = isTime
    try {
      return transform()
    } finally {
      this.#isTime = before
    }
  }
}

/** The time of a text; null stays null, and a Date is written by the driver. */
function read(node: OperationNode): OperationNode {
  if (!ValueNode.is(node) || node.value === null || node.value instanceof Date) return node
  return RawNode.create([`str_to_date(`, `, '%Y-%m-%dT%H:%i:%s.%fZ')`], [node])
}

function isTime(node: OperationNode): boolean {
  if (node.kind === 'ReferenceNode' && 'column' in node) return isTime(node.column as OperationNode)
  if (node.kind !== 'ColumnNode' || !('column' in node)) return false
  const { column } = node
  return (
    typeof column === 'object' && column !== null && 'name' in column && isTimeColumn(String(column.name))
  )
}
