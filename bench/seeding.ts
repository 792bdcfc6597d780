import { deskbellProgram } from './contenders.ts'
import { Child } from './processes.ts'

/** Fills an SQLite file with made-up people and their chats, as `deskbell seed` does. */
export async function seed(databaseUrl: string, users: number, messages: number): Promise<void> {
  const args = ['seed', '--users', String(users), '--messages', String(messages)]
  await using seeding = new Child(null, [...deskbellProgram(), ...args], { DATABASE_URL: databaseUrl })
  await new Promise((resolve) => seeding.process.once('exit', resolve))
  if (seeding.process.exitCode !== 0) throw new Error(`seeding failed:\n${seeding.output}`)
}
