import { type Context, type LimitedThing, tierLimitReached } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { secretKind } from '../secrets/index.ts'
import { isSystemVault, vaultKind } from '../vaults/index.ts'
import { accountOf, tierOf } from './account.ts'
import { type Counted, counts } from './counts.ts'
import { type Room, roomKind } from './records.ts'

/**
 * Takes room for one more thing in the tier of the organisation, in the unit that makes it. Everyone who makes one changes
 * the same record, so of many at once no more succeed than there is room for.
 */
export function takeRoom(context: Context, what: Counted): void {
  const { unit, settings } = context
  if (settings.tiers === null) return
  const { name, tier } = tierOf(context, accountOf(unit, unit.org ?? ''))
  const max = tier.limits?.[what satisfies LimitedThing]
  if (max === undefined) return
  const known = unit.get(roomKind, what)
  const count = known && (known.count < max || isChangedHere(context, known)) ? known.count : counts[what](context, max)
  if (count >= max) throw tierLimitReached({ reason: `The tier ${name} allows at most ${max} ${what}.` })
  unit.put(roomKind, { id: what, count: count + 1, changes: (known?.changes ?? 0) + 1 })
}

/** The server keeps keys of agents in vaults of its own. They do not count. */
export function takeRoomForSecret(context: Context, id: string): void {
  const { unit, settings } = context
  if (settings.tiers === null) return
  const secret = unit.get(secretKind, id)
  const vault = secret && unit.get(vaultKind, secret.vaultId)
  if (vault && !isSystemVault(vault)) takeRoom(context, 'secrets')
}

/** Whether this unit has made things already. The stored ones are then not all. */
function isChangedHere({ unit }: Context, { id, changes }: Room): boolean {
  const stored: Reads = unit.reading(unit.org ?? '')
  return stored.get(roomKind, id)?.changes !== changes
}
