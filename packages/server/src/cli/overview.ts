import { version } from '../version.ts'
import type { Entry } from './command.ts'
import { clientCommands, operatorCommands } from './table.ts'
import { bold, explained, helpWidth, type Terminal, wrapped } from './terminal.ts'

type Entries = Readonly<Record<string, Entry>>

/** All commands on one page: those of one word with their summary, and those of two words by their noun. */
export function overview(entries: Entries, terminal: Terminal): string[] {
  const names = Object.keys(entries)
  const width = helpWidth(terminal)
  // A noun is listed where most of its verbs are.
  const isRun = (noun: string) => operatorCommands[noun] !== undefined || !isUsed(noun)
  const isUsed = (noun: string) => names.some((name) => name.split(' ')[0] === noun && !operatorCommands[name])
  const nouns = [...new Set(names.map((name) => name.split(' ')[0] ?? ''))]
  const part = (wanted: readonly string[]) =>
    explained(
      wanted.map((noun) => [noun, said(noun, entries)]),
      width,
    )
  return [
    `${bold('pawl', terminal)} ${version}: a vault engine for AI agents`,
    '',
    'Usage: pawl <command> [options]',
    '',
    bold('Use a vault, here or on a server:', terminal),
    ...part(nouns.filter((noun) => !isRun(noun)).sort(byKind)),
    '',
    bold('Run a vault on this machine:', terminal),
    ...part(nouns.filter(isRun)),
    '',
    ...wrapped(
      'Run pawl <command> --help for details. PAWL_… variables configure a server. pawl config lists them.',
      width,
    ),
  ]

  /** First the commands that need no vault, then the nouns. */
  function byKind(a: string, b: string): number {
    return rank(a) - rank(b)
  }

  function rank(noun: string): number {
    if (clientCommands[noun]) return 0
    return entries[noun] ? 2 : 1
  }
}

function said(noun: string, entries: Entries): string {
  const verbs = verbsOf(noun, entries)
  const summary = entries[noun]?.summary
  if (summary === undefined) return verbs.join(', ')
  return verbs.length > 0 ? `${summary} Also: ${verbs.join(', ')}.` : summary
}

export function verbsOf(noun: string, entries: Entries): string[] {
  return Object.keys(entries)
    .filter((name) => name.startsWith(`${noun} `))
    .map((name) => name.slice(noun.length + 1))
}

/** The commands of one noun. */
export function group(noun: string, entries: Entries, terminal: Terminal): string[] {
  const verbs = verbsOf(noun, entries).map((verb) => [verb, entries[`${noun} ${verb}`]] as const)
  const rows = verbs.map(([verb, entry]) => [verb, entry?.summary ?? ''] as const)
  const about = verbs.flatMap(([, entry]) => entry?.areaSummary ?? [])
  return [
    ...about.flatMap((line) => [...wrapped(line, helpWidth(terminal)), '']),
    `Usage: pawl ${noun} <command> [options]`,
    '',
    ...explained(rows, helpWidth(terminal)),
    '',
    `Run pawl ${noun} <command> --help for details.`,
  ]
}
