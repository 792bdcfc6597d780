import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'

/** Something that the person at the terminal can put right: the message is all they need to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

type Flags = Record<string, ParseArgsOptionDescriptor>
type Values<F extends Flags> = { [K in keyof F]?: F[K]['type'] extends 'boolean' ? boolean : string }

/** The flags of a command, `--flag value` or `--flag=value`. Throws UsageError that names what is unknown. */
export function readFlags<const F extends Flags>(args: readonly string[], flags: F): Values<F> {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false })
    // parseArgs has checked the values against the same descriptors.
    return values as Values<F>
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error),
    )
  }
}
