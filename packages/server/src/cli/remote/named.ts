import { PawlError } from '@pawl/core/client'
import type { CommandSpec } from '../../derive/commands.ts'
import { type Connection, clientAt } from './connection.ts'
import { agentsOf, membersOf } from './names.ts'

type Shown = Pick<CommandSpec, 'list' | 'columns'>
type Item = Readonly<Record<string, unknown>>

/** Names by ID. */
export type Names = ReadonlyMap<string, string>

export const noNames: Names = new Map()

const idField = /_id$/
/** IDs in these fields are shown with a name. */
const agentFields = /^(principal|actor|recipient|agent)_id$/
const memberFields = /^(principal|actor|recipient|user)_id$/
const vaultFields = /^vault_ids?$/

/** The names of all that some items refer to, as far as the caller may see them. */
async function namesIn(items: readonly Item[], fields: readonly string[], place: Connection): Promise<Names> {
  const isUsed = (wanted: RegExp) => fields.some((field) => wanted.test(field) && items.some((item) => item[field]))
  const client = clientAt(place)
  try {
    const [agents, members, { vaults }] = await Promise.all([
      isUsed(agentFields) ? agentsOf(client) : [],
      isUsed(memberFields) ? membersOf(client, place) : [],
      isUsed(vaultFields) ? client.vaults.list() : { vaults: [] },
    ])
    return new Map([...agents, ...members, ...vaults].map(({ id, name }) => [id, name]))
  } catch (error) {
    // Without the names, the answer is shown with its IDs.
    if (error instanceof PawlError) return noNames
    throw error
  }
}

/** The same of an answer, which is a list or one thing. An agent that asks about `me` knows its name. */
export function namesFor(answer: unknown, { list, columns }: Shown, input: Item, place: Connection): Promise<Names> {
  const held = (answer ?? {}) as Item
  const [items, shown] =
    list === undefined ? [[held], columns ?? Object.keys(held)] : [(held[list] ?? []) as readonly Item[], columns ?? []]
  const fields = input.agent_id === 'me' ? shown.filter((field) => field !== 'agent_id') : shown
  return namesIn(items, fields, place)
}

/** A column: its title, and the part of an item that it shows. */
export interface Column {
  readonly path: string
  /** Default: the value at the path. */
  readonly shown?: (item: Item) => string
}

/** Adds a column of names beside each column of IDs, if any name is known. It replaces the column of the type. */
export function withNames(paths: readonly string[], items: readonly Item[], names: Names): Column[] {
  const named = paths.filter((path) => idField.test(path) && items.some((item) => nameOf(item, path, names) !== null))
  const nouns = named.map((path) => path.replace(idField, ''))
  return paths.flatMap((path): Column[] => {
    if (path === 'details.outcome') return [{ path: 'outcome', shown: outcomeOf }]
    const noun = path.replace(/_(id|type)$/, '')
    if (!nouns.includes(noun)) return [{ path }]
    if (path.endsWith('_type')) return []
    const shown = (item: Item) => nameOf(item, path, names) ?? String(item[`${noun}_type`] ?? '')
    return [{ path: noun, shown }, { path }]
  })
}

/** How the call of an event ended, and why it was refused: `denied: tx_max_value`. Empty for a success. */
function outcomeOf({ details }: Item): string {
  const { outcome, rule, code } = (details ?? {}) as Readonly<Record<string, unknown>>
  const why = rule ?? code
  return [outcome, why === outcome ? undefined : why].filter((one) => one !== undefined).join(': ')
}

/** The name of an ID. For the resource of an event, also its path, which the event contains. */
function nameOf(item: Item, path: string, names: Names): string | null {
  const id = item[path]
  if (path !== 'resource_id') return typeof id === 'string' ? (names.get(id) ?? null) : null
  const { path: secret, pattern, name } = (item.details ?? {}) as Readonly<Record<string, unknown>>
  const told = [secret, pattern, name].find((one) => typeof one === 'string')
  return typeof told === 'string' ? told : (names.get(String(id)) ?? null)
}
