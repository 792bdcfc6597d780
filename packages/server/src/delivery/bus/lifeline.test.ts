import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { Lifeline } from './lifeline.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A lifeline that is connected, and what loses its connection. */
async function lifeline() {
  const made = Promise.withResolvers<() => void>()
  const line = new Lifeline({
    connect: async (lost) => {
      made.resolve(lost)
      return {}
    },
    discard() {},
  })
  await new Promise<void>((resolve) => line.start(resolve))
  return { line, lose: await made.promise, [Symbol.dispose]: () => line.close() }
}

test('what was answered is not kept for as long as the connection lasts', async () => {
  using at = await lifeline()
  const answers: WeakRef<object>[] = []
  for (let count = 0; count < 100; count++) {
    answers.push(new WeakRef(await at.line.ask(async () => ({ count }))))
  }
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(5)
})

test('whoever waits for an answer when the connection is lost is told at once', async () => {
  using at = await lifeline()
  const answer = at.line.ask(() => new Promise(() => {}))
  at.lose()
  await expect(answer).rejects.toThrow('the connection was lost')
  await expect(at.line.ask(async () => {})).rejects.toThrow('not connected')
})
