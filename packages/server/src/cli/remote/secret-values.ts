import { type Terminal, UsageError } from '../terminal.ts'

/**
 * Values that must not appear on a command line. The user types them at a terminal without echo, or pipes them in. If there
 * are several, each is a line.
 */
export async function secretValues(
  flags: readonly string[],
  { ask, input }: Terminal,
  isPiped: boolean,
): Promise<string[]> {
  if (flags.length === 0) return []
  if (ask && !isPiped) {
    const typed: string[] = []
    for (const flag of flags) typed.push(await ask(`${flag.replaceAll('-', ' ')}: `))
    return given(flags, typed)
  }
  const text = (await input?.()) ?? ''
  return given(flags, flags.length === 1 ? [withoutEnd(text)] : text.split(/\r?\n/).slice(0, flags.length))
}

/** Removes the line break from a single line. Text with several lines is unchanged. */
function withoutEnd(text: string): string {
  const line = text.replace(/\r?\n$/, '')
  return line.includes('\n') ? text : line
}

function given(flags: readonly string[], values: string[]): string[] {
  const missing = flags.find((_, at) => !values[at])
  if (missing === undefined) return values
  throw new UsageError(`the ${missing} is missing. Type it when asked, or pipe it in`)
}
