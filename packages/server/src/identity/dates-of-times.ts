import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from 'kysely'
import { isTimestamp } from '../store/time.ts'

/**
 * The auth library compares the times that it reads as dates: a text would never be past, and a session never over.
 * Nothing else in its tables looks like one of our times.
 */
export class DatesOfTimes implements KyselyPlugin {
  transformQuery({ node }: PluginTransformQueryArgs) {
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    const rows = result.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          column.endsWith('_at') && isTimestamp(value) ? new Date(value) : value,
        ]),
      ),
    )
    return { ...result, rows }
  }
}
