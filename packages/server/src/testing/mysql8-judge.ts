import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

const JUDGE_VARIABLE = 'DESKBELL_TEST_MYSQL8'

/** Parses what the files of a run ask it about: one process learns the grammar, and each statement is parsed once. */
export async function startJudge(): Promise<() => void> {
  const refusals = new Map<string, string | null>()
  const server = createServer(async (request, response) => {
    const { mysql8Refusal } = await import('./mysql8.ts')
    const statements = (await json(request)) as string[] // of refusalsOf()
    const refused = statements.flatMap((sql) => {
      const known = refusals.get(sql)
      const refusal = known === undefined ? mysql8Refusal(sql) : known
      refusals.set(sql, refusal)
      return refusal === null ? [] : [`${refusal} in: ${sql}`]
    })
    response.end(JSON.stringify(refused))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  process.env[JUDGE_VARIABLE] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

/** What MySQL 8 would refuse of these, and why. */
export async function refusalsOf(statements: Iterable<string>): Promise<string[]> {
  const body = JSON.stringify([...new Set([...statements].map(shortened))])
  const response = await fetch(process.env[JUDGE_VARIABLE] ?? '', { method: 'POST', body })
  return (await response.json()) as string[] // of the judge
}

/** Many rows or values that look the same are as good as two of them, and there are fewer different statements. */
function shortened(sql: string): string {
  return sql.replaceAll(/(\?|\((?:[^()]|\([^()]*\))*\))(?:, \1){8,}/g, '$1, $1')
}
