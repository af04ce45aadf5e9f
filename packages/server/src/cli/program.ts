import { didYouMean } from '../derive/did-you-mean.ts'
import { ConfigError } from '../host/config-error.ts'
import { version } from '../version.ts'
import { insteadOf, otherWords, withOurWords } from './aliases.ts'
import { readArguments } from './arguments.ts'
import type { Command, Entry, HelpShape } from './command.ts'
import { entriesOf } from './entries.ts'
import { exitOf, exits } from './exits.ts'
import { ownCommands } from './manifest.ts'
import { group, overview, verbsOf } from './overview.ts'
import { commonFlags, vaultFlag } from './remote/flags.ts'
import { clientCommands, operatorCommands } from './table.ts'
import { helpWidth, isRefusal, type Terminal, UsageError, wrapped } from './terminal.ts'

type Entries = Readonly<Record<string, Entry>>

/** Runs a command line; answers the exit status. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(withoutEarly(args), terminal)
  } catch (error) {
    return report(error, args, terminal)
  }
}

/** Flags that many commands have may also come before the command. A lone `--` and the program after it stay at the end. */
function withoutEarly(args: readonly string[]): readonly string[] {
  const [first = '', second] = args
  const [dashes = '', name = '', value] = /^(--?)([^=]+)(=.*)?$/s.exec(first)?.slice(1) ?? []
  const flag = [...commonFlags, vaultFlag].find(({ flag, letter }) => name === (dashes === '-' ? letter : flag))
  const count = flag?.takes === 'value' && value === undefined ? 2 : 1
  // `pawl -v` alone is the version.
  if (!flag || (count === 2 && second === undefined)) return args
  const rest = withoutEarly(args.slice(count))
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length
  return [...rest.slice(0, end), ...args.slice(0, count), ...rest.slice(end)]
}

const isVersion = /^(version|--version|-v|-V)$/

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args
  if (first !== undefined && isVersion.test(first)) return say(terminal, [version])
  const ours: Entries = { ...entriesOf(ownCommands()), ...clientCommands, ...operatorCommands }
  if (first === undefined || asksForHelp([first])) return say(terminal, overview(ours, terminal))
  if (rest[0] === 'help' && rest.length === 1) return dispatch([first, '--help'], terminal)
  if (first === 'help') return dispatch(rest.length > 0 ? [...rest, '--help'] : [], terminal)
  const status = await runAmong(ours, args, terminal)
  if (status !== null) return status
  // A server may have plugin areas with commands of their own.
  const { commandsThere } = await import('./remote/commands-there.ts')
  const theirs = entriesOf(await commandsThere(args, terminal))
  return (await runAmong(theirs, args, terminal)) ?? unknown(args, { ...theirs, ...ours })
}

/** Null when the arguments name none of these commands. */
async function runAmong(entries: Entries, typed: readonly string[], terminal: Terminal): Promise<number | null> {
  const args = withOurWords(typed, Object.keys(entries))
  const words = wordsIn(args, Object.keys(entries))
  const entry = words === null ? null : entries[words]
  if (words === null || !entry) {
    const isGroup = Object.keys(entries).some((one) => one.startsWith(`${args[0]} `))
    const isAlone = args.slice(1).every((one) => one.startsWith('-'))
    return isGroup && isAlone ? say(terminal, group(args[0] ?? '', entries, terminal)) : null
  }
  const rest = args.slice(words.split(' ').length)
  const command = await entry.load()
  const { flags, usage, runsProgram } = command
  // The flags after a program belong to that program.
  if (asksForHelp(runsProgram ? beforeProgram(rest) : rest)) {
    const how = { isWhole: rest.includes('--help-all'), width: helpWidth(terminal) }
    return say(terminal, helpOf(words, entry, command, how))
  }
  return command.run(readArguments(words, rest, flags, { usage, runsProgram }), terminal)
}

function helpOf(words: string, { summary }: Entry, command: Command, how: HelpShape): string[] {
  const lines = command.help(how)
  return [
    ...wrapped(summary, how.width),
    '',
    `Usage: pawl ${words} ${command.usage}`.trimEnd(),
    `Example: pawl ${words} ${command.example}`.trimEnd(),
    ...(lines.length > 0 ? ['', ...lines] : []),
  ]
}

function beforeProgram(args: readonly string[]): readonly string[] {
  return args[0]?.startsWith('-') ? args : []
}

/** Arguments after a lone `--` belong to the program that is run. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? args.length : end).some((arg) => /^(--help(-all)?|-h)$/.test(arg))
}

/** The longest name that the arguments begin with. */
function wordsIn(args: readonly string[], names: readonly string[]): string | null {
  const begun = names.filter((name) => name.split(' ').every((word, at) => args[at] === word))
  return begun.sort((a, b) => b.length - a.length)[0] ?? null
}

function unknown(args: readonly string[], entries: Entries): never {
  const names = Object.keys(entries)
  const words = withOurWords(args, names)
  const [noun = '', verb] = words
  if (noun.startsWith('-'))
    throw new UsageError(
      'the first word is not a command. Type flags after the command, such as: pawl secret list --json.',
    )
  const better = insteadOf(words)
  if (better !== null) throw new UsageError(`unknown command. ${better}`)
  const verbs = verbsOf(noun, entries)
  if (verbs.length > 0 && verb !== undefined && !verb.startsWith('-')) {
    const question = isPath(verb)
      ? pathQuestion(`${noun} ${noun === 'share' ? 'create' : 'get'}`, verb)
      : didYouMean(verb, verbs, (one) => `${noun} ${one}`)
    throw new UsageError(`unknown command ${noun} ${verb}${question} Run pawl ${noun} --help.`)
  }
  const question = isPath(noun)
    ? pathQuestion('get', noun)
    : didYouMean(noun, [...names, ...names.map((name) => name.split(' ')[0] ?? ''), ...otherWords(names)])
  const list = verbs.length > 0 ? `pawl ${noun} --help` : 'pawl --help'
  throw new UsageError(`unknown command ${noun}${question} Run ${list}.`)
}

/** No command has a slash, and most paths of secrets do. */
function isPath(word: string): boolean {
  return word.includes('/')
}

function pathQuestion(command: string, path: string): string {
  return `. Did you mean ${command} ${path}?`
}

function report(error: unknown, args: readonly string[], terminal: Terminal): number {
  const problem = error instanceof Error ? error.message : String(error)
  const refusal = isRefusal(error) ? error : null
  const [kind, status] = kindOf(error)
  if (wantsJson(args)) {
    const { code, data } = refusal ?? {}
    const { fields } = (data ?? {}) as { readonly fields?: unknown }
    terminal.error(JSON.stringify({ error: { kind, code, message: problem, fields } }))
  } else for (const line of problem.split('\n')) terminal.error(`pawl: ${line}`)
  return status
}

/** Also when the command line is wrong, so the flags are not read. */
function wantsJson(args: readonly string[]): boolean {
  return /(^| )(--json|(-o|--output)[ =]json|--?format[ =]json)( |$)/.test(args.join(' '))
}

function kindOf(error: unknown): readonly [kind: string, status: number] {
  if (isRefusal(error)) return [error.kind, exitOf(error.kind)]
  if (error instanceof UsageError) return ['usage', exits.usage]
  return error instanceof ConfigError ? ['config', exits.config] : ['failed', exits.failed]
}

function say(terminal: Terminal, lines: readonly string[]): number {
  for (const line of lines) terminal.out(line)
  return exits.ok
}
