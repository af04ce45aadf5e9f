import type { Flag, Given } from './arguments.ts'
import { explained, reflowed, type Terminal, UsageError } from './terminal.ts'

export interface HelpShape {
  /** With every flag, and not only the first. */
  readonly isWhole: boolean
  readonly width: number
}

export interface Command {
  /** The part of the usage line after the name. */
  readonly usage: string
  readonly flags: readonly Flag[]
  /** The part of the help example after the name of the command. */
  readonly example: string
  /** The arguments after a lone `--` are a program. Only flags come before it. */
  readonly runsProgram?: true
  /** The output of `--help` after the summary. */
  help(how: HelpShape): readonly string[]
  /** Answers the exit status. */
  run(given: Given, terminal: Terminal): Promise<number>
}

/** A command that is loaded when it is called, so that it does not slow down the start of other commands. */
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
  /** The usage of the arguments after a lone `--`, which the command checks: `<program> [arguments]`. */
  readonly rest?: string
  readonly flags?: readonly Flag[]
  /** The part of the example after the name of the command. Left out if the example is only the name. */
  readonly example?: string
  /** The output of `--help` before the list of flags. */
  help?(width: number): readonly string[]
  run(given: Given, terminal: Terminal): Promise<number>
}

/**
 * Derives the usage line, the end of the help and the check of the arguments from the declaration of a command.
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
      // A value that begins with a dash may come after a lone `--`.
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

/** The error does not repeat the arguments: one may be a secret. */
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
  // A line that says "one more flag" takes as much space as that flag.
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
