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
  } else {
    const item = answer as Item
    const { facts, parts } = format === 'plain' ? { facts: spec.columns, parts: [] } : splitOf(item, spec.columns)
    const sections = [
      linesOf(item, facts, terminal, names, format === 'plain'),
      ...parts.map((part) => partLines(item, part, terminal)),
    ]
    const shown = sections.filter(({ length }) => length > 0)
    for (const line of shown.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))) terminal.out(line)
  }
}

function showList(items: readonly Item[], paths: readonly string[], format: Format, terminal: Terminal, names: Names) {
  const columns = format === 'plain' ? paths.map((path): Column => ({ path })) : withNames(paths, items, names)
  const cell = (item: Item, { path, shown }: Column) =>
    cellOf(shown ? shown(item) : at(item, path), path, terminal, format === 'plain')
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

/** A list of objects or an object in an answer. `paths` are the fields of each object that are shown. */
interface Part {
  readonly name: string
  readonly paths: readonly string[]
}

/** The fields of an answer that fit behind their name, and the parts that come below them, each with a title. */
function splitOf(item: Item, paths: readonly string[] = Object.keys(item)) {
  const names = [...new Set(paths.map((path) => path.split('.')[0] as string))].filter((name) => isPart(item[name]))
  const partOf = (path: string) =>
    names.find((name) => path === name || (path.startsWith(`${name}.`) && isList(item[name])))
  const parts = names.flatMap((name): Part[] => {
    const own = paths.filter((path) => partOf(path) === name)
    return own.length === 0 ? [] : [{ name, paths: own.flatMap((path) => path.slice(name.length + 1) || []) }]
  })
  return { facts: paths.filter((path) => partOf(path) === undefined), parts }
}

function isPart(value: unknown): value is Item | readonly Item[] {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return false
  return isList(value) || (!Array.isArray(value) && Object.keys(value).length > 0)
}

function isList(value: unknown): value is readonly Item[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isSaid(one) && typeof one === 'object')
}

const indent = '  '

function partLines(item: Item, { name, paths }: Part, terminal: Terminal): string[] {
  const { width } = terminal
  const narrower = width === undefined ? terminal : { ...terminal, width: width - indent.length }
  const value = item[name]
  const lines = isList(value) ? rowsOf(value, paths, narrower) : factsOf(value as Item, narrower)
  return [`${titleOf(name)}:`, ...lines.map((line) => (line === '' ? line : indent + line))]
}

function rowsOf(items: readonly Item[], paths: readonly string[], terminal: Terminal): string[] {
  const wanted = paths.length > 0 ? paths : [...new Set(items.flatMap((one) => Object.keys(one)))]
  const said = wanted.filter((path) => items.some((one) => isSaid(at(one, path))))
  const rows = items.map((one) => said.map((path) => cellOf(at(one, path), path, terminal)))
  return table(said.map(titleOf), rows, terminal)
}

/** The names stay as they are, because people type them in JSON. */
function factsOf(item: Item, terminal: Terminal): string[] {
  const said = Object.entries(item).filter(([, value]) => isSaid(value))
  return columns(
    said.map(([name, value]) => [textOf(name), cellOf(value, name, terminal)] as const),
    '',
  )
}

/** If the only field is a secret, just its value. Otherwise, each field with its name. */
function linesOf(
  item: Item,
  paths: readonly string[] = Object.keys(item),
  terminal: Terminal,
  names: Names,
  isRaw: boolean,
): string[] {
  const [only] = paths
  const value = paths.length === 1 && only !== undefined ? at(item, only) : null
  if (value instanceof Secret) return [String(value.reveal())]
  const facts = paths.filter((path) => isSaid(at(item, path)) && !isSaidElsewhere(item, path))
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
      return [labels[index] as string, cellOf(value, path, terminal, isRaw) + behind(value)] as const
    }),
    '',
  )
}

/** `tx_daily_limit_eth` is the name of `tx_daily_limit` in older versions of the API. `value` has the amount of `value_wei` as text. */
function isSaidElsewhere(item: Item, path: string): boolean {
  if (path.endsWith('_eth')) return item[path] === item[path.slice(0, -'_eth'.length)]
  return path === 'value_wei' && isSaid(item.value)
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

/** `isRaw`: objects are JSON, for programs. */
function cellOf(value: unknown, path: string, terminal: Terminal, isRaw = false): string {
  if (value === undefined || value === null || value === '') return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const isTime = path.endsWith('_at') && typeof value === 'string'
  if (isTime && terminal.width !== undefined) return relative(value, Date.now())
  return isRaw ? textOf(value) : inlineOf(value)
}

/** An object within a line: `name: value, name: value`. */
function inlineOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(partOf).join(value.some((one) => typeof one === 'object') ? '; ' : ', ')
  if (typeof value !== 'object' || value === null || value instanceof Secret) return textOf(value)
  return Object.entries(value)
    .map(([name, one]) => `${partOf(name)}: ${partOf(one)}`)
    .join(', ')
}

/** What separates names and values in a line. The colons of `vaults:read` and of `https://` do not. */
const separators = /[,;"]|:(?![\w/])/

/** A text with a separator is a JSON string. Otherwise the text could look like other fields to a person who approves. */
function partOf(value: unknown): string {
  if (typeof value !== 'string') return inlineOf(value)
  return separators.test(value) ? textOf(JSON.stringify(value)) : textOf(value)
}

/** Control characters move the cursor of a terminal, and these others change the order in which it shows text. */
const moving = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Replaces the characters that make a terminal show something else than the text. */
function textOf(value: unknown): string {
  const held = value instanceof Secret ? value.reveal() : value
  if (Array.isArray(held) && held.every((one) => typeof one !== 'object')) return held.map(textOf).join(', ')
  return (typeof held === 'object' ? jsonOf(held, 0) : String(held)).replace(moving, '\u00b7')
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
