import type { Flag, Given } from './arguments.ts'
import { explained, reflowed, type Terminal, UsageError } from './terminal.ts'

export interface HelpShape {
  /** With every flag, and not only the first. */
  readonly isWhole: boolean
  readonly width: number
}

export interface Command {
  /** What stands after the name in the usage line. */
  readonly usage: string
  readonly flags: readonly Flag[]
  /** What stands after the name of the command in the example of the help. */
  readonly example: string
  /** What stands after a lone `--` is a program, and nothing stands before it but flags. */
  readonly runsProgram?: true
  /** What `--help` says beyond the summary. */
  help(how: HelpShape): readonly string[]
  /** Answers the exit status. */
  run(given: Given, terminal: Terminal): Promise<number>
}

/** A command that is loaded when it is called, so that no other command waits for it. */
export interface Entry {
  readonly summary: string
  /** What the commands with the same noun are for. */
  readonly areaSummary?: string | undefined
  load(): Promise<Command>
}

/** A command that no operation describes. */
interface Plan {
  /** Every positional argument: `<file>`. One that is optional is written `[file]`. */
  readonly positionals?: readonly string[]
  /** What stands after a lone `--`, which the command checks: `<program> [arguments]`. */
  readonly rest?: string
  readonly flags?: readonly Flag[]
  /** What stands after the name of the command in the example. Left out where the name is all. */
  readonly example?: string
  /** What `--help` says before it lists the flags. */
  help?(width: number): readonly string[]
  run(given: Given, terminal: Terminal): Promise<number>
}

/**
 * Derives the usage line, the end of the help and the check of the arguments from what a command takes.
 *
 * @example
 * export const backup = command({ positionals: ['<file>'], run: async ({ positionals: [file = ''] }, terminal) => … })
 */
export function command({ positionals = [], rest, flags = [], example = '', help = () => [], run }: Plan): Command {
  const required = flags.filter(({ isRequired }) => isRequired)
  const usage = [
    ...positionals,
    ...required.map(typed),
    ...(flags.length > required.length ? ['[options]'] : []),
    ...(rest === undefined ? [] : [`-- ${rest}`]),
  ].join(' ')
  return {
    usage,
    flags,
    example,
    ...(rest === undefined ? {} : { runsProgram: true }),
    help: (how) => {
      const said = reflowed(help(how.width), how.width)
      const options = flags.length > 0 ? optionsHelp(flags, how) : []
      return [...said, ...(said.length > 0 && options.length > 0 ? [''] : []), ...options]
    },
    run: async (given, terminal) => {
      if (rest !== undefined) return run(given, terminal)
      // A value that begins with a dash may stand after a lone `--`.
      const values = [...given.positionals, ...given.rest]
      const [missing] = [
        ...positionals.filter((one) => !one.startsWith('[')).slice(values.length),
        ...required.filter(({ flag }) => !given.flags.has(flag)).map(({ flag }) => `--${flag}`),
      ]
      if (values.length > positionals.length) throw tooMany(given.command, positionals)
      if (missing) throw isMissing(missing, given.command, usage)
      return run({ ...given, positionals: values }, terminal)
    },
  }
}

/** Says nothing of what was given: it may be a secret. */
function tooMany(name: string, positionals: readonly string[]): UsageError {
  const takes = positionals.length > 0 ? `only ${positionals.join(' ')}` : 'no positional arguments'
  return new UsageError(`${name} takes ${takes}. Run pawl ${name} --help.`)
}

function isMissing(what: string, name: string, usage: string): UsageError {
  return new UsageError(`${what} is missing. Usage: pawl ${name} ${usage}. Run pawl ${name} --help.`)
}

const flagsFirst = 5

/** The first five, or all. */
export function flagsShown(flags: readonly Flag[], { isWhole }: HelpShape): readonly Flag[] {
  // To point at one more takes as much room as the one.
  return isWhole || flags.length <= flagsFirst + 1 ? flags : flags.slice(0, flagsFirst)
}

/** The end of the help of a command. */
export function optionsHelp(flags: readonly Flag[], how: HelpShape): string[] {
  const shown = flagsShown(flags, how)
  const left = flags.length - shown.length
  return [
    'Options:',
    ...explained(
      shown.map((one) => [lettered(one), one.about]),
      how.width,
    ),
    ...(left > 0 ? ['', `${left} more options: --help-all`] : []),
  ]
}

function lettered(flag: Flag): string {
  return `${flag.letter ? `-${flag.letter}, ` : ''}${typed(flag)}`
}

function typed({ flag, takes, value = 'value' }: Flag): string {
  const name = takes === 'truth' ? `--[no-]${flag}` : `--${flag}`
  return `${name}${takes === 'value' ? ` <${value}>` : ''}`
}
