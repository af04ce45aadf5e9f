import { AssertionError } from 'node:assert'
import { compileGlob } from '@pawl/core/area'
import type { Act } from './activity.ts'
import { required } from './furnish.ts'
import { type Place, placeOf, placeText } from './places.ts'

/** The acts of the agents, and their expected reads, by the name of the agent. */
export interface Doings {
  readonly acts: ReadonlyMap<string, readonly Act[]>
  readonly expected: Readonly<Record<string, readonly string[] | undefined>>
  /** Actions that are also allowed: `secret.list`. */
  readonly also: readonly string[]
  readonly vaults: readonly string[]
}

type Row = readonly [agent: string, action: string, where: string, outcome: string, verdict: string]

/** Throws, with a table of all acts, if an agent did not read what was expected or tried something else. */
export function checkOnlyRead({ acts, expected, also, vaults }: Doings): void {
  for (const agent of Object.keys(expected)) required(acts, agent)
  const rows = [...acts].flatMap(([agent, done]) => {
    const wanted = (expected[agent] ?? []).map((text) => wantedAt(placeOf(text, vaults)))
    const rest = done.filter((act) => !isNoMatter(act, also))
    return [
      ...rest.map((act): Row => {
        const isWanted = wanted.some(({ isMetBy }) => isMetBy(act))
        const where = JSON.stringify(placeText(act, vaults)).slice(1, -1)
        return [agent, act.action, where, act.outcome, isWanted ? asExpected : 'not expected']
      }),
      ...wanted
        .filter(({ isMetBy }) => !rest.some(isMetBy))
        .map(({ place }): Row => [agent, 'secret.read', placeText(place, vaults), '-', 'did not happen']),
    ]
  })
  if (rows.every(([, , , , verdict]) => verdict === asExpected)) return
  const message = `The agents did not do exactly what was expected:\n\n${table(counted(rows))}\n`
  throw new AssertionError({ message })
}

const asExpected = 'as expected'

/**
 * The calls before a read: an agent signs in, and an MCP session looks up its vault. Each secret of a batch has its own
 * event.
 */
const preparation = ['vault.list', 'secret.read_batch']

function isNoMatter({ action, outcome }: Act, also: readonly string[]): boolean {
  return outcome === 'allowed' && (action.startsWith('auth.') || [...preparation, ...also].includes(action))
}

function wantedAt(place: Place) {
  const glob = compileGlob(place.path)
  if (!glob) throw new Error(`${place.path} is neither a path nor a path pattern.`)
  const isMetBy = ({ action, outcome, vault, path = '' }: Act) =>
    action === 'secret.read' && outcome === 'allowed' && vault === place.vault && glob.matches(path)
  return { place, isMetBy }
}

/** Repeated attempts of an agent are one line. */
function counted(rows: readonly Row[]): Row[] {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1)
  return [...counts].map(([text, count]) => {
    const [agent, action, where, outcome, verdict]: Row = JSON.parse(text)
    return [agent, action, where, count === 1 ? outcome : `${outcome} ×${count}`, verdict]
  })
}

function table(rows: readonly Row[]): string {
  const lines: Row[] = [['agent', 'action', 'where', 'outcome', ''], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
