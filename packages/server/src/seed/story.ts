import { CASTS, type Cast, TEAM } from './cast.ts'
import type { Seeded } from './seeded.ts'

/** One chat before it is told: who, in which language, and who says something when. */
export interface Story {
  cast: Cast
  name: string | null
  email: string | null
  isVisitor: boolean
  admin: string
  /** When each message is sent, in milliseconds since 1970, ascending. */
  times: number[]
  isAnswer: boolean[]
}

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
const DOMAINS = ['example.com', 'mail.example', 'post.example', 'work.example', 'shop.example']

/** As many stories as there are users, with the messages divided among them: many short chats, a few long ones. */
export function stories(random: Seeded, users: number, messages: number, until: number): Story[] {
  return lengths(random, users, messages).map((length, index) => story(random, index, length, until))
}

/** What the next message says. */
export function words(random: Seeded, { cast }: Story, isAnswer: boolean): string {
  const sentences = random.chance(0.1) ? random.between(3, 8) : random.between(1, 2)
  const from = isAnswer ? cast.answers : cast.asks
  return Array.from({ length: sentences }, () =>
    random
      .one(from)
      .replace('{thing}', () => random.one(cast.things))
      .replace('{order}', () => `${random.one(['A', 'B', 'C', 'F'])}${random.between(10_000, 99_999)}`),
  ).join(cast.space)
}

function lengths(random: Seeded, users: number, messages: number): number[] {
  const weights = Array.from({ length: users }, () => 0.2 + (1 - random.next()) ** -0.6)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const counts = weights.map((weight) => Math.floor((messages * weight) / sum))
  for (let left = messages - counts.reduce((a, b) => a + b, 0); left > 0; left--) {
    const lucky = random.between(0, users - 1)
    counts[lucky] = (counts[lucky] ?? 0) + 1
  }
  return counts
}

function story(random: Seeded, index: number, length: number, until: number): Story {
  const cast = castOf(random)
  const isVisitor = random.chance(0.05)
  const isNamed = !isVisitor || random.chance(0.5)
  const [given, family] = [random.one(cast.given), random.one(cast.family)]
  const times: number[] = []
  const isAnswer: boolean[] = []
  let at = until - YEAR_MS * random.next()
  for (let n = 0; n < length; n++) {
    // An answer takes minutes, a new question days; nothing is later than now.
    const gapMs = random.chance(0.15) ? random.between(1, 10) * DAY_MS : random.between(20, 3_600) * 1_000
    if (n > 0) at = Math.min(at + gapMs, until)
    times.push(at)
    isAnswer.push(n > 0 && random.chance(isAnswer[n - 1] ? 0.25 : 0.65))
  }
  const person = cast.isFamilyFirst ? `${family} ${given}` : `${given} ${family}`
  return {
    cast,
    name: isNamed ? person : null,
    email: isNamed ? `${mailbox(given, family)}${index + 1}@${random.one(DOMAINS)}` : null,
    isVisitor,
    admin: random.one(TEAM),
    times,
    isAnswer,
  }
}

function castOf(random: Seeded): Cast {
  let left = random.next() * CASTS.reduce((total, [, share]) => total + share, 0)
  for (const [cast, share] of CASTS) {
    left -= share
    if (left < 0) return cast
  }
  throw new Error('unreachable: the shares are all there is')
}

/** The name as an address has it; scripts that no address has become a plain word. */
function mailbox(given: string, family: string): string {
  const plain = `${given}.${family}`
    .normalize('NFKD')
    .replace(/[^a-z.]/gi, '')
    .toLowerCase()
  return /^[a-z]+\.[a-z]+$/.test(plain) ? `${plain}.` : 'customer.'
}
