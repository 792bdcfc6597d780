import { killTwoDesks } from '../packages/server/src/testing/mail-desks.ts'
import { killAtEveryStep } from '../packages/server/src/testing/mail-kills.ts'
import { IN_THE_WINDOW } from '../packages/server/src/testing/mail-steps.ts'
import { workTogether } from '../packages/testing/src/colleagues.ts'
import { row } from './row.ts'

/** A promise that is tried for longer than `npm test` has time for. */
export interface Proof {
  title: string
  lines: string[]
  isKept: boolean
}

export type ProofName = 'colleagues' | 'mail-kills' | 'mail-desks'

/** How long the proofs take. */
export interface ProofEffort {
  killRounds: number
  seconds: number
}

/** Steps that the mail server sees have the names of its commands. */
const STEP_TITLES: Readonly<Record<string, string>> = {
  connect: 'connected to the mail server',
  auth: 'signed in there',
  mail: 'with the sender told',
  rcpt: 'with the recipient told',
  data: 'with the mail half sent',
  taken: 'with the mail taken, its final 250 unheard',
}

const PROOFS: Record<ProofName, (effort: ProofEffort) => Promise<Proof>> = {
  colleagues: async ({ seconds }) => {
    const { wrong, ...count } = await workTogether({ admins: 10, users: 200, seconds })
    return {
      title: `The inbox: ten admins and two hundred users at work for ${seconds} s`,
      lines: [
        row('messages of users', [String(count.messages)]),
        row('answers of admins', [String(count.answers)]),
        row('chats archived or restored', [String(count.changes)]),
        row('  taken back later', [String(count.undone)]),
        row('users erased', [String(count.erased)]),
        row('times that an admin lost the connection', [String(count.cuts)]),
        row('chats at the end', [String(count.chats)]),
        row('rows in the lists of the admins', [String(count.rows)]),
        row('  that are not as in the database', [String(wrong.length)]),
        row('all right after', [`${Math.round(count.rightAfterMs)} ms`]),
        ...wrong,
      ],
      isKept: wrong.length === 0,
    }
  },
  'mail-kills': async ({ killRounds }) => {
    const counts = await killAtEveryStep(killRounds)
    const sum = (pick: (count: (typeof counts)[number]) => number) =>
      String(counts.reduce((total, count) => total + pick(count), 0))
    const cells = (count: (typeof counts)[number]) => [count.kills, count.mails, count.repeated, count.lost]
    return {
      title: 'E-mail: a worker is killed at every step',
      lines: [
        row('', ['kills', 'mails', 'repeated', 'lost']),
        ...counts.map((count) => row(STEP_TITLES[count.step] ?? count.step, cells(count).map(String))),
        row('in all', [
          ...[sum(({ kills }) => kills), sum(({ mails }) => mails)],
          ...[sum(({ repeated }) => repeated), sum(({ lost }) => lost)],
        ]),
      ],
      isKept: counts.every(
        ({ step, repeated, lost }) => lost === 0 && (repeated === 0 || IN_THE_WINDOW.has(step)),
      ),
    }
  },
  'mail-desks': async ({ seconds }) => {
    const { unexplained, ...count } = await killTwoDesks(seconds, Math.random)
    return {
      title: `E-mail: two desks on one database, killed again and again for ${seconds} s`,
      lines: [
        row('kills', [String(count.kills)]),
        row('replies', [String(count.replies)]),
        row('  read in time', [String(count.read)]),
        row('  lost', [String(count.lost)]),
        row('mails', [String(count.mails)]),
        row('  repeated', [String(count.repeated)]),
        row('  taken and not yet noted at a kill', [String(count.inTheWindow)]),
        row('  repeated for no such reason', [String(unexplained)]),
      ],
      isKept: count.lost === 0 && unexplained === 0,
    }
  },
}

export const PROOF_NAMES = Object.keys(PROOFS) as ProofName[]

/** Tries the promises that are named, one after the other. */
export async function tryPromises(
  names: ReadonlySet<string>,
  effort: ProofEffort,
  tell: (progress: string) => void,
): Promise<Proof[]> {
  const proofs: Proof[] = []
  for (const name of PROOF_NAMES) {
    if (!names.has(name)) continue
    tell(`${name}: ${JSON.stringify(effort)}`)
    proofs.push(await PROOFS[name](effort))
  }
  return proofs
}
