import { revealingJson, Secret } from '@pawl/core/client'
import type { CommandSpec } from '../../derive/commands.ts'
import { columns, type Terminal } from '../terminal.ts'
import { type Column, type Names, noNames, withNames } from './named.ts'
import { table } from './table.ts'

export type Format = 'table' | 'plain' | 'json'

type Item = Readonly<Record<string, unknown>>
type Answer = Readonly<Record<string, readonly Item[]>>

/** Prints the answer of an operation. This is where secrets are revealed: to the user who asked for them. */
export function show(
  answer: unknown,
  spec: Pick<CommandSpec, 'list' | 'columns'>,
  format: Format,
  terminal: Terminal,
  names: Names = noNames,
): void {
  if (format === 'json') terminal.out(jsonOf(answer))
  else if (answer === undefined) terminal.out('Done.')
  else if (spec.list !== undefined) {
    const items = (answer as Answer)[spec.list] ?? []
    if (items.length > 0) showList(items, spec.columns ?? [], format, terminal, names)
    // To standard error, so that a program that reads the output gets nothing.
    else terminal.error(`No ${spec.list.replaceAll('_', ' ')}.`)
  } else for (const line of linesOf(answer as Item, spec.columns, terminal, names)) terminal.out(line)
}

function showList(items: readonly Item[], paths: readonly string[], format: Format, terminal: Terminal, names: Names) {
  const columns = format === 'plain' ? paths.map((path): Column => ({ path })) : withNames(paths, items, names)
  const cell = (item: Item, { path, shown }: Column) => cellOf(shown ? shown(item) : at(item, path), path, terminal)
  const rows = items.map((item) => columns.map((column) => cell(item, column)))
  if (format === 'plain') for (const row of rows) terminal.out(row.join('\t'))
  else
    for (const line of table(
      columns.map(({ path }) => titleOf(path)),
      rows,
      terminal,
    ))
      terminal.out(line)
}

/** Prints only the first column, for scripts. A secret is printed unchanged, without a line break. */
export function showQuietly(
  answer: unknown,
  { list, columns: names }: Pick<CommandSpec, 'list' | 'columns'>,
  terminal: Terminal,
): void {
  const { out, write = out } = terminal
  if (answer === undefined) return
  if (list !== undefined) {
    for (const item of (answer as Answer)[list] ?? []) {
      const problem = at(item, 'error.detail')
      // To standard error, because a program would read it as a value.
      if (typeof problem === 'string') terminal.error(`${textOf(at(item, names?.[0] ?? 'id'))}: ${problem}`)
      else out(secretIn(item, names) ?? textOf(at(item, names?.[0] ?? 'id')))
    }
    return
  }
  const item = answer as Item
  const shown = names ?? ['id', ...Object.keys(item)].filter((name) => Object.hasOwn(item, name))
  const secret = secretIn(item, shown)
  if (secret !== null) write(secret)
  else out(textOf(at(item, shown[0] ?? '')))
}

/** The secret in the first of these columns that has one. */
function secretIn(item: Item, names: readonly string[] = []): string | null {
  const secret = names.map((name) => at(item, name)).find((value) => value instanceof Secret)
  return secret instanceof Secret ? String(secret.reveal()) : null
}

/** If the only field is a secret, just its value. Otherwise, each field with its name. */
function linesOf(item: Item, paths: readonly string[] = Object.keys(item), terminal: Terminal, names: Names): string[] {
  const [only] = paths
  const value = paths.length === 1 && only !== undefined ? at(item, only) : null
  if (value instanceof Secret) return [String(value.reveal())]
  const facts = paths.filter((path) => isSaid(at(item, path)) && !isOlderName(item, path))
  const titles = facts.map(titleOf)
  // A title that an earlier field has: `frozen_at` after `frozen`.
  const labels = titles.map((title, index) =>
    titles.indexOf(title) < index ? (facts[index] as string).replaceAll('_', ' ') : title,
  )
  const named = (value: unknown) => [value].flat().flatMap((id) => names.get(String(id)) ?? [])
  const behind = (value: unknown) => (named(value).length > 0 ? ` (${named(value).join(', ')})` : '')
  return columns(
    facts.map((path, index) => {
      const value = at(item, path)
      return [labels[index] as string, cellOf(value, path, terminal) + behind(value)] as const
    }),
    '',
  )
}

/** `tx_daily_limit_eth` is the name of `tx_daily_limit` in older versions of the API. */
function isOlderName(item: Item, path: string): boolean {
  return path.endsWith('_eth') && item[path] === item[path.slice(0, -'_eth'.length)]
}

function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return typeof value !== 'object' || value instanceof Secret || Object.keys(value).length > 0
}

/** `agent.id` leads into the agent. */
function at(item: Item, path: string): unknown {
  return path.split('.').reduce<unknown>((held, name) => (held as Item | undefined)?.[name], item)
}

function titleOf(path: string): string {
  return (path.split('.').at(-1) ?? path).replace(/_at$/, '').replace(/^is_/, '').replaceAll('_', ' ')
}

function cellOf(value: unknown, path: string, terminal: Terminal): string {
  if (value === undefined || value === null || value === '') return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const isTime = path.endsWith('_at') && typeof value === 'string'
  return isTime && terminal.width !== undefined ? relative(value, Date.now()) : textOf(value)
}

/** Removes control characters, so that no text moves the cursor of a terminal. */
function textOf(value: unknown): string {
  const held = value instanceof Secret ? value.reveal() : value
  if (Array.isArray(held) && held.every((one) => typeof one !== 'object')) return held.map(textOf).join(', ')
  return (typeof held === 'object' ? jsonOf(held, 0) : String(held)).replace(/\p{Cc}/gu, '\u00b7')
}

function jsonOf(value: unknown, indent = 2): string {
  return revealingJson(value ?? {}, indent)
}

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `3 days ago`, `in 2 hours`. */
function relative(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1_000)
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return unit === 'second' ? 'just now' : new Intl.RelativeTimeFormat('en').format(Math.trunc(seconds / length), unit)
}
