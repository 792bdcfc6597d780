import { readFileSync } from 'node:fs'
import { DeskbellError } from '@deskbell/protocol'
import { SettingsError } from '../settings.ts'
import { DatabaseFailure } from '../store/failure.ts'
import { adminActivate, adminCreate, adminDeactivate, adminList } from './admin.ts'
import { copyCommand } from './copy.ts'
import { databaseTrouble } from './database-trouble.ts'
import { eraseCommand } from './erase.ts'
import { UsageError } from './flags.ts'
import {
  ADMIN_HELP,
  COPY_HELP,
  ERASE_HELP,
  HELP,
  MAIL_HELP,
  MIGRATE_HELP,
  RESTORED_HELP,
  SEED_HELP,
  START_HELP,
  TOKEN_HELP,
} from './help.ts'
import { mailAllow, mailLog, mailTest } from './mail.ts'
import { migrateCommand } from './migrate.ts'
import { restoredCommand } from './restored.ts'
import { seedCommand } from './seed.ts'
import { start } from './start.ts'
import { processTerminal, type Terminal } from './terminal.ts'
import { token } from './token.ts'

/** Commands that are followed by a word of their own, and what they do. */
const GROUPS = new Map([
  ['admin', ADMIN_HELP],
  ['mail', MAIL_HELP],
])

interface Command {
  help: string
  run(args: readonly string[], terminal: Terminal): Promise<void>
}

const COMMANDS = new Map<string, Command>([
  ['start', { help: START_HELP, run: start }],
  ['migrate', { help: MIGRATE_HELP, run: migrateCommand }],
  ['token', { help: TOKEN_HELP, run: token }],
  ['admin create', { help: ADMIN_HELP, run: adminCreate }],
  ['admin list', { help: ADMIN_HELP, run: adminList }],
  ['admin deactivate', { help: ADMIN_HELP, run: adminDeactivate }],
  ['admin activate', { help: ADMIN_HELP, run: adminActivate }],
  ['seed', { help: SEED_HELP, run: seedCommand }],
  ['copy', { help: COPY_HELP, run: copyCommand }],
  ['restored', { help: RESTORED_HELP, run: restoredCommand }],
  ['erase', { help: ERASE_HELP, run: eraseCommand }],
  ['mail test', { help: MAIL_HELP, run: mailTest }],
  ['mail log', { help: MAIL_HELP, run: mailLog }],
  ['mail allow', { help: MAIL_HELP, run: mailAllow }],
])

/** Runs one command line; what goes wrong is told in a sentence and makes the exit code 1. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<void> {
  try {
    await run(args, terminal)
  } catch (error) {
    terminal.err(explained(error))
    process.exitCode = 1
  }
}

/** The version of this package. */
export function version(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(file) as { version: unknown }).version)
}

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const [first] = args
  if (first === '--version' || first === '-v') return terminal.out(version())
  if (first === undefined || first === '--help' || first === '-h' || first === 'help')
    return terminal.out(HELP)
  const { name, rest } = split(args)
  const command = COMMANDS.get(name)
  const wantsHelp = rest.includes('--help') || rest.includes('-h')
  const group = GROUPS.get(name)
  if (group !== undefined && wantsHelp) return terminal.out(group)
  if (command === undefined) {
    throw new UsageError(group ?? `There is no command "${name}".\n\n${HELP}`)
  }
  if (wantsHelp) return terminal.out(command.help)
  await command.run(rest, terminal)
}

/** `deskbell --demo` is `deskbell start --demo`; some commands have words of their own. */
function split(args: readonly string[]): { name: string; rest: readonly string[] } {
  const [first = '', second = ''] = args
  if (first.startsWith('-')) return { name: 'start', rest: args }
  if (!GROUPS.has(first)) return { name: first, rest: args.slice(1) }
  if (second === '' || second.startsWith('-')) return { name: first, rest: args.slice(1) }
  return { name: `${first} ${second}`, rest: args.slice(2) }
}

function explained(error: unknown): string {
  if (error instanceof SettingsError) return `These settings cannot be used:\n${indented(error.problems)}`
  if (error instanceof DatabaseFailure) return databaseTrouble('DATABASE_URL', error)
  if (error instanceof UsageError || error instanceof DeskbellError) return error.message
  return error instanceof Error ? error.message : String(error)
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}
