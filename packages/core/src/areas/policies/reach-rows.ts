import { madeOnce } from '../../kernel/maps.ts'
import { nextTurn } from '../../kernel/turn.ts'
import { type Context, oneWalkAtATime, signedIn } from '../../operations/index.ts'
import type { SecretEntry } from '../secrets/index.ts'
import { unranked } from './path-tree.ts'
import { type Permission, type Policy, permissions } from './policy.ts'
import { type Known, keyBlockOf } from './principals.ts'
import { type Reached, reachOf } from './reach.ts'
import {
  add,
  hereAt,
  into,
  isAllowed,
  type Meter,
  ownerRank,
  type RankedAccess,
  type SecretNode,
  type Standing,
  type Tally,
  tallyBelow,
  treeOfSecrets,
} from './reach-walk.ts'

// What each principal may do in each folder of a vault. A folder into which no pattern leads is decided at once, and principals
// with the same rules are decided once.

/** A secret, or a folder, whose path ends with a slash. */
export interface Column {
  readonly path: string
  readonly isFolder: boolean
  /** The first secret of the column. */
  readonly example: string
  readonly secrets: number
}

/** The folders and then the secrets directly in a folder, in path order. */
export function columnsOf(secrets: readonly SecretEntry[], folder: string): Column[] {
  const counted = new Map<string, { example: string; secrets: number }>()
  for (const { path: example } of secrets) {
    madeOnce(counted, columnAt(example, folder), () => ({ example, secrets: 0 })).secrets++
  }
  const all = [...counted].map(([path, { example, secrets }]): Column => {
    return { path, isFolder: path.endsWith('/'), example, secrets }
  })
  return [...all.filter(({ isFolder }) => isFolder), ...all.filter(({ isFolder }) => !isFolder)]
}

function columnAt(path: string, folder: string): string {
  const end = path.indexOf('/', folder.length)
  return end === -1 ? path : path.slice(0, end + 1)
}

/** What one principal may do in one column. */
export interface Cell {
  readonly column: Column
  /** How many secrets, by permission. */
  readonly allowed: Readonly<Record<Permission, number>>
  /** A secret that the principal may use or, if there is none, that a policy refuses. */
  readonly example: string
  /** The policies that decide in the column, first the one that decides most. */
  readonly policies: readonly Policy[]
}

/** The part of a vault that is shown. */
export interface Shown {
  readonly folder: string
  readonly columns: readonly Column[]
  readonly secrets: readonly SecretEntry[]
}

/** Maximum number of folders and secrets that one answer visits. The other principals come on the next page. */
const visitsMax = 200_000
const visitsPerTurn = 20_000

/** A principal whose access can be decided without another read. */
export interface Ready {
  readonly known: Known | string
  readonly ranked: RankedAccess | null
  /** The answer for each path, where not only patterns decide. */
  readonly reached: Reached | null
}

/**
 * Returns the cells of the first principals: as many as the budget of one answer allows, and at least one. A text in `known`
 * stands for a principal without access.
 */
export function decideReach(context: Context, known: readonly (Known | string)[], shown: Shown): Cell[][] {
  const ready: Ready[] = []
  let visits = 0
  for (const one of known) {
    const ranked = typeof one === 'string' ? null : one.access.ranked()
    const isPerPath = typeof one !== 'string' && ranked === null
    visits += isPerPath ? permissions.length * shown.secrets.length : 0
    if (visits > visitsMax && ready.length > 0) break
    ready.push({ known: one, ranked, reached: isPerPath ? reachOf(one, shown.secrets) : null })
  }
  return context.unit.waitFor(() => oneWalkAtATime(context, signedIn(context).id, () => decideInTurns(ready, shown)))
}

export async function decideInTurns(ready: readonly Ready[], shown: Shown): Promise<Cell[][]> {
  const walk = new ReachWalk(shown)
  const decided: Cell[][] = []
  let turns = 0
  for (const one of ready) {
    if (walk.visits > visitsMax) break
    decided.push(walk.cellsOf(one))
    if (walk.visits < turns * visitsPerTurn) continue
    turns = Math.floor(walk.visits / visitsPerTurn) + 1
    await nextTurn()
  }
  return decided
}

/** By column and permission. */
type Tallies = readonly (readonly Tally[])[]

class ReachWalk {
  readonly #shown: Shown
  readonly #meter: Meter = { visits: 0 }
  /** One secret of each type. */
  readonly #byType: ReadonlyMap<string, SecretEntry>
  /** The trees, by the types that are left out. */
  readonly #trees = new Map<string, SecretNode>()
  /** What was decided, by the rules. */
  readonly #decided = new Map<string, { readonly tallies: Tallies }>()

  constructor(shown: Shown) {
    this.#shown = shown
    this.#byType = new Map(shown.secrets.map((secret) => [secret.newest.type, secret]))
  }

  get visits(): number {
    return this.#meter.visits
  }

  cellsOf({ known, ranked, reached }: Ready): Cell[] {
    const { columns } = this.#shown
    if (typeof known === 'string') return []
    if (reached) return cellsFrom(columns, this.#tallied(reached), [])
    if (!ranked) return []
    const blocked = [...this.#byType.values()].filter((secret) => keyBlockOf(known.caller, secret) !== null)
    const types = new Set(blocked.map(({ newest }) => newest.type))
    const key = JSON.stringify([ranked.alike, [...types]])
    const { tallies } = madeOnce(this.#decided, key, () => ({ tallies: this.#walk(ranked, types) }))
    return cellsFrom(columns, tallies, ranked.policies)
  }

  #walk({ rules, scopes }: RankedAccess, unread: ReadonlySet<string>): Tallies {
    const { columns, folder } = this.#shown
    const ofPermissions = permissions.map((permission) => {
      const tree = this.#treeWithout(permission === 'read' ? unread : new Set())
      const path = folder.split('/').slice(0, -1)
      const place = path.reduce<Standing>(into, { rules: rules[permission], scopes })
      const node = path.reduce<SecretNode | undefined>((at, segment) => at?.children.get(segment), tree)
      return columns.map((column) => this.#tallyColumn(column, node, place))
    })
    return columns.map((_, at) => ofPermissions.map((tallies) => tallies[at] as Tally))
  }

  #tallyColumn({ path, isFolder }: Column, node: SecretNode | undefined, place: Standing): Tally {
    this.#meter.visits++
    const tally: Tally = new Map()
    const segment = path.slice(this.#shown.folder.length, isFolder ? -1 : undefined)
    const child = node?.children.get(segment)
    if (!child) return tally
    const there = into(place, segment)
    if (isFolder) tallyBelow(child, there, tally, this.#meter)
    else if (child.own !== null) add(tally, hereAt(there), 1, () => path)
    return tally
  }

  #treeWithout(types: ReadonlySet<string>): SecretNode {
    const { secrets } = this.#shown
    return madeOnce(this.#trees, [...types].join(), () =>
      treeOfSecrets(secrets.filter(({ newest }) => !types.has(newest.type))),
    )
  }

  #tallied(reached: Reached): Tallies {
    const { columns, folder, secrets } = this.#shown
    this.#meter.visits += permissions.length * secrets.length
    const byColumn = new Map(columns.map(({ path }) => [path, permissions.map((): Tally => new Map())]))
    for (const [at, permission] of permissions.entries()) {
      for (const path of reached[permission]) {
        const tally = byColumn.get(columnAt(path, folder))?.[at]
        if (tally) add(tally, ownerRank, 1, () => path)
      }
    }
    return [...byColumn.values()]
  }
}

function cellsFrom(columns: readonly Column[], tallies: Tallies, policies: readonly Policy[]): Cell[] {
  return columns.flatMap((column, at) => cellOf(column, tallies[at] ?? [], policies))
}

/** Nothing, if the principal may do nothing in the column and no policy refuses it. */
function cellOf(column: Column, tallies: readonly Tally[], policies: readonly Policy[]): Cell | [] {
  const count = (tally: Tally = new Map()) =>
    [...tally].reduce((sum, [rank, { secrets }]) => sum + (isAllowed(rank, policies) ? secrets : 0), 0)
  const [read, write, remove, rotate] = [0, 1, 2, 3].map((at) => count(tallies[at])) as [number, number, number, number]
  const byRank: Tally = new Map()
  for (const tally of tallies) {
    for (const [rank, { secrets, example }] of tally) add(byRank, rank, secrets, example)
  }
  const decided = [...byRank].filter(([rank]) => rank !== unranked)
  const ranks = decided.filter(([rank]) => rank !== ownerRank).sort(([, one], [, other]) => other.secrets - one.secrets)
  if (read + write + remove + rotate + ranks.length === 0) return []
  const deciding = ranks.flatMap(([rank]) => policies[rank] ?? [])
  const [, shown] = decided.find(([rank]) => isAllowed(rank, policies)) ?? decided[0] ?? []
  const example = shown?.example() ?? column.example
  return { column, allowed: { read, write, delete: remove, rotate }, policies: deciding, example }
}
