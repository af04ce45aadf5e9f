import { didYouMean } from '../derive/did-you-mean.ts'
import { flagAdvice, flagAliases } from './aliases.ts'
import { UsageError } from './terminal.ts'

/** A flag, and what follows it: a value, nothing, or optionally `true` or `false`. */
export interface Flag {
  readonly flag: string
  readonly letter?: string
  readonly takes: 'value' | 'nothing' | 'truth'
  /** What help calls the value. */
  readonly value?: string
  readonly isRequired?: true
  /** The value of the flag never appears on a command line. */
  readonly isSecret?: true
  /** What help says about it. */
  readonly about: string
}

export interface Given {
  /** The words of the command. */
  readonly command: string
  /** What was given for each flag, in order; `true` where it takes nothing. */
  readonly flags: ReadonlyMap<string, readonly string[]>
  readonly positionals: readonly string[]
  /** The arguments after a lone `--`. */
  readonly rest: readonly string[]
}

interface Shape {
  /** What the usage line has after the command. */
  readonly usage?: string
  readonly runsProgram?: boolean | undefined
}

/**
 * Parses a command line. An error does not repeat the arguments, because one of them may be a secret in the wrong
 * place.
 *
 * @example
 * readArguments('secret set', ['db/password', '--type', 'password'], flags)
 */
export function readArguments(
  command: string,
  args: readonly string[],
  known: readonly Flag[],
  { usage = '', runsProgram = false }: Shape = {},
): Given {
  const end = args.indexOf('--')
  const left = [...args.slice(0, end === -1 ? args.length : end)]
  const flags = new Map<string, string[]>()
  const positionals: string[] = []
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (!/^-./.test(arg)) {
      // Checked before the flags of the program are read, because they may be flags of this command too.
      if (runsProgram) throw new UsageError(`put -- before the program, such as: pawl ${command} -- npm start`)
      refuseReference(command, arg)
      positionals.push(arg)
    } else {
      const [flag, value] = readFlag(command, arg, left, known, usage)
      flags.set(flag, [...(flags.get(flag) ?? []), value])
    }
  }
  return { command, flags, positionals, rest: end === -1 ? [] : args.slice(end + 1) }
}

/** The value of a flag; the last one if it was given several times. */
export function last(flags: Given['flags'], flag: string): string | undefined {
  return flags.get(flag)?.at(-1)
}

function readFlag(
  command: string,
  arg: string,
  left: string[],
  known: readonly Flag[],
  usage: string,
): [flag: string, value: string] {
  const [, dashes = '', name = '', given] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(arg) ?? []
  // Some programs write long flags with one dash.
  const named = (one: string) =>
    known.find(({ flag, letter }) => (dashes === '-' && one.length === 1 ? letter === one : flag === one)) ?? null
  const positive = named(name) ?? named(flagAliases.get(name) ?? '')
  const found = positive ?? (name.startsWith('no-') ? named(name.slice('no-'.length)) : null)
  if (!found || (!positive && found.takes !== 'truth')) throw noSuchFlag(command, dashes + name, known, usage)
  const { flag, takes } = found
  if (!positive) return [flag, valueless(found, given, 'false')]
  if (takes === 'nothing') return [flag, valueless(found, given, 'true')]
  if (given !== undefined) return [flag, given]
  const [next] = left
  if (takes === 'truth') return [flag, next === 'true' || next === 'false' ? (left.shift() ?? '') : 'true']
  if (next === undefined || next.startsWith('--'))
    throw new UsageError(`--${flag} needs a value. Run pawl ${command} --help.`)
  left.shift()
  return [flag, next]
}

function valueless({ flag, isSecret }: Flag, given: string | undefined, meaning: string): string {
  if (given === undefined) return meaning
  const why = isSecret ? ', because other users can see command lines. Type it when asked, or pipe it in' : ''
  throw new UsageError(`--${flag} takes no value${why}`)
}

/** A reference of another program to a value, which has a vault and a path. */
function refuseReference(command: string, arg: string): void {
  const [, vault, path] = /^op:\/\/([^/]+)\/(.+)$/.exec(arg) ?? []
  if (vault && path) throw new UsageError(`Pawl has no references. Type: pawl ${command} ${path} --vault ${vault}`)
}

/** What other programs call the first argument when it has a flag. */
const firstArgument: readonly string[] = ['name', 'path', 'id', 'key', 'secret-id', 'title']

function noSuchFlag(command: string, given: string, known: readonly Flag[], usage: string): UsageError {
  const [first = ''] = usage.split(' ')
  const name = given.replace(/^-+/, '')
  const advice = flagAdvice.get(name)
  if (advice !== undefined) return new UsageError(`unknown flag ${given}. ${advice}`)
  if (usage.includes(`<${name}>`) || (first.startsWith('<') && firstArgument.includes(name))) {
    const place = usage.includes(`<${name}>`) ? `<${name}>` : first
    return new UsageError(
      `unknown flag ${given}. Type ${place} without a flag: pawl ${command} ${usage.replace(' [options]', '')}. ` +
        `Run pawl ${command} --help.`,
    )
  }
  const own = known.flatMap(({ flag, letter }) => [`--${flag}`, ...(letter ? [`-${letter}`] : [])])
  const flags = [...own, '--help', '--help-all']
  return new UsageError(`unknown flag ${given}${didYouMean(given, flags)} Run pawl ${command} --help.`)
}
