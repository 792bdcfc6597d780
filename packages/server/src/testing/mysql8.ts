import { createRequire } from 'node:module'

/** The first release of MySQL 8, as its grammar counts. What only came later is refused as well. */
const OLDEST_MYSQL_8 = 80_011

/** The functions that statements may call, beside those that the grammar knows by name: each one is in MySQL 8. */
const FUNCTIONS = new Set(['get_lock', 'release_lock', 'str_to_date', 'locate', 'timestampdiff'])

/** What MySQL 8 parses and then takes for something else, or does not have. */
const MISTAKEN: readonly (readonly [RegExp, string])[] = [
  [/"/, 'a name in double quotes would be a text'],
  [/(?<!foreign key \([^)]*\) )\breferences\b/i, 'a column that references another one is not kept to it'],
  [/_(uca1400|nopad)_/i, 'it has no such collation'],
]

/** Why MySQL 8 would not do what a statement says, as far as its text can tell; null if it would. */
export function mysql8Refusal(sql: string): string | null {
  const { tree, error } = parsed(sql)
  if (error !== null) return error
  const unknown = functionsOf(tree).find((name) => !FUNCTIONS.has(name))
  if (unknown !== undefined) return `it may not have the function ${unknown}, or FUNCTIONS lacks it`
  return MISTAKEN.find(([syntax]) => syntax.test(sql))?.[1] ?? null
}

/** Node of a syntax tree, as far as it is looked at. */
interface Tree {
  children?: (Tree | null)[] | null
  getText(): string
}

interface Recognizer {
  serverVersion: number
  removeErrorListeners(): void
  addErrorListener(listener: object): void
}

interface Parser extends Recognizer {
  _interp: { predictionMode: number }
  query(): Tree
}

type Made<Instance> = new (source: unknown) => Instance

const require = createRequire(import.meta.url)
// The types of these modules cannot be resolved from ECMAScript modules: here is what is used of them.
const { CharStream, CommonTokenStream, PredictionMode } = require('@wsporto/typesql-parser') as {
  CharStream: Made<object>
  CommonTokenStream: Made<object>
  PredictionMode: { SLL: number; LL: number }
}
const { default: Lexer } = require('@wsporto/typesql-parser/mysql/MySQLLexer.js') as {
  default: Made<Recognizer>
}
const { default: Parser, FunctionCallContext } = require('@wsporto/typesql-parser/mysql/MySQLParser.js') as {
  default: Made<Parser>
  FunctionCallContext: Made<Tree>
}

interface Parsed {
  tree: Tree
  error: string | null
}

/** The quick way to parse knows most statements; only the thorough one knows for certain what is none. */
function parsed(sql: string): Parsed {
  const quick = parsedBy(sql, PredictionMode.SLL)
  return quick.error === null ? quick : parsedBy(sql, PredictionMode.LL)
}

function parsedBy(sql: string, predictionMode: number): Parsed {
  const errors: string[] = []
  const listener = {
    syntaxError: (_by: unknown, _at: unknown, line: number, column: number, message: string) =>
      errors.push(`${line}:${column} ${message}`),
    reportAmbiguity() {},
    reportAttemptingFullContext() {},
    reportContextSensitivity() {},
  }
  const listened = <Kind extends Recognizer>(recognizer: Kind): Kind => {
    recognizer.serverVersion = OLDEST_MYSQL_8
    recognizer.removeErrorListeners()
    recognizer.addErrorListener(listener)
    return recognizer
  }
  const lexer = listened(new Lexer(new CharStream(sql)))
  const parser = listened(new Parser(new CommonTokenStream(lexer)))
  parser._interp.predictionMode = predictionMode
  const tree = parser.query()
  return { tree, error: errors[0] ?? null }
}

function functionsOf(tree: Tree | null): string[] {
  const inner = tree?.children?.flatMap(functionsOf) ?? []
  return tree instanceof FunctionCallContext ? [functionName(tree), ...inner] : inner
}

function functionName(call: Tree): string {
  return call.children?.[0]?.getText().toLowerCase() ?? ''
}
