import type { UnitContext } from '../../operations/index.ts'
import type { Kind, Reads, Recorded } from '../../records/index.ts'
import { agentKind } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import { secretKind } from '../secrets/index.ts'
import { isUsable, shareKind } from '../sharing/index.ts'
import { isSystemVault, vaultKind } from '../vaults/index.ts'

type Counter = (context: Pick<UnitContext, 'unit' | 'now'>, max: number) => number

/**
 * How many of each limited thing the organisation has, counted up to a maximum. Vaults of the server itself, and what is in
 * them, do not count.
 */
export const counts = {
  vaults: ({ unit }, max) => Math.min(max, userVaults(unit).length),
  secrets: ({ unit }, max) => {
    let count = 0
    for (const { id } of userVaults(unit))
      count += countUpTo(unit, secretKind, 'path', [id], max - count, ({ deletedAt }) => deletedAt === null)
    return count
  },
  agents: ({ unit }, max) => countUpTo(unit, agentKind, 'created', [], max),
  members: ({ unit }, max) => countUpTo(unit, userKind, 'created', [], max),
  shares: ({ unit, now }, max) =>
    countUpTo(unit, shareKind, 'vault', [unit.org ?? ''], max, (share) => isUsable(share, now)),
} as const satisfies Record<string, Counter>

export type Counted = keyof typeof counts

function userVaults(unit: Reads) {
  return unit.list(vaultKind, 'created').filter((vault) => !isSystemVault(vault))
}

const rowsAtOnce = 500

function countUpTo<T extends Recorded>(
  unit: Reads,
  kind: Kind<T>,
  index: string,
  tuple: readonly string[],
  max: number,
  counts: (record: T) => boolean = () => true,
): number {
  let count = 0
  let after: readonly (string | number)[] | null = null
  while (count < max) {
    const page: readonly T[] = unit.page(kind, index, { tuple, limit: rowsAtOnce, ...(after && { after }) })
    count += page.filter(counts).length
    const last = page.at(-1)
    if (!last || page.length < rowsAtOnce) break
    after = [...(kind.indexes[index]?.key(last) ?? []), ...(kind.indexes[index]?.unique ? [] : [last.id])]
  }
  return Math.min(count, max)
}
