import { expect, test } from 'vitest'
import { makeFirstAdmin } from './first-admin.ts'

test('desks that start at once with the same first admin all start', async () => {
  const accounts = new Set<string>()
  const looks: (() => void)[] = []
  const admins = {
    async exists(email: string) {
      const isThere = accounts.has(email)
      // The first look of both is over before either makes the account.
      if (looks.length < 2) {
        await new Promise<void>((resolve) => {
          looks.push(resolve)
          if (looks.length === 2) for (const look of looks) look()
        })
      }
      return isThere
    },
    async create({ email }: { email: string }) {
      if (accounts.has(email)) throw new Error(`There already is an admin ${email}`)
      accounts.add(email)
      return { id: email, email, name: 'Support' }
    },
  }
  await Promise.all([1, 2].map(() => makeFirstAdmin(admins as never, 'sam@example.com', 'correct horse')))
  expect([...accounts]).toEqual(['sam@example.com'])
})

test('a first admin who cannot be made ends the start with the reason', async () => {
  const admins = { exists: async () => false, create: () => Promise.reject(new Error('too short')) }
  await expect(makeFirstAdmin(admins as never, 'sam@example.com', 'x')).rejects.toThrow('too short')
})
