import { type Caller, type Context, denied, isAdmin, type Resource, type UnitContext } from '../../operations/index.ts'
import { treasuryNotFound } from './errors.ts'
import {
  type Treasury,
  type TreasuryAccess,
  type TreasurySigner,
  treasuryAccessKind,
  treasuryKind,
  treasurySignerKind,
} from './records.ts'

// Owners, admins and the creator of a treasury manage it. Its signers and the agents with a delegation take part.

/**
 * `see`: read it, propose, and execute what is approved. `act`: the same callers, but the operation asks who they are in it.
 * `manage`: change it, its signers and its access requests. `request`: ask for access.
 */
export type TreasuryPermission = 'see' | 'act' | 'manage' | 'request'

/** A treasury as a guarded resource. Callers who cannot see it get `treasury_not_found`. */
export function treasuryAt(id: string): Resource<TreasuryPermission> {
  return {
    type: 'treasury',
    about: { id },
    authorize: (context, permission) => {
      const treasury = context.unit.require(treasuryKind, id, treasuryNotFound)
      if (permission === 'request' || manages(context.caller, treasury)) return
      if (!takesPart(context, treasury)) throw treasuryNotFound()
      if (permission === 'manage') throw denied({ reason: 'Only its creator, owners and admins manage a treasury.' })
    },
  }
}

function manages(caller: Caller, { createdBy }: Treasury): boolean {
  return caller.kind === 'user' && (isAdmin(caller) || caller.id === createdBy)
}

function takesPart(context: Context, treasury: Treasury): boolean {
  const { caller } = context
  return (
    ownSigner(context, treasury) !== null ||
    (caller.kind === 'agent' && delegationOf(context, treasury, caller.id) !== null)
  )
}

/** The signer that the caller is. Null: none. */
export function ownSigner({ unit, caller }: Pick<Context, 'unit' | 'caller'>, { id }: Treasury): TreasurySigner | null {
  if (caller.kind !== 'user' && caller.kind !== 'agent') return null
  return unit.find(treasurySignerKind, 'person', id, caller.kind, caller.id)
}

/** The access of the agent. Null: the agent has none, or the access has ended. */
export function delegationOf(
  { unit }: Pick<UnitContext, 'unit'>,
  { id }: Treasury,
  agentId: string,
): (TreasuryAccess & { readonly delegation: NonNullable<TreasuryAccess['delegation']> }) | null {
  const found = unit.find(treasuryAccessKind, 'live', id, agentId)
  return found?.delegation ? { ...found, delegation: found.delegation } : null
}

/** Every treasury that the caller may see, oldest first. */
export function visibleTreasuries(context: Context): readonly Treasury[] {
  const { unit, caller } = context
  if (isAdmin(caller)) return unit.list(treasuryKind, 'created')
  if (caller.kind !== 'user' && caller.kind !== 'agent') return []
  const signing = unit.list(treasurySignerKind, 'principal', caller.kind, caller.id)
  const delegated =
    caller.kind === 'agent'
      ? unit.list(treasuryAccessKind, 'agent', caller.id).filter(({ delegation }) => delegation !== null)
      : []
  const own = caller.kind === 'user' ? unit.list(treasuryKind, 'creator', caller.id) : []
  const ids = new Set([...signing, ...delegated].map(({ treasuryId }) => treasuryId))
  const others = unit.getAll(treasuryKind, [...ids]).flatMap((one) => (one && !own.includes(one) ? [one] : []))
  const all = new Map([...own, ...others].map((one) => [one.id, one]))
  return [...all.values()].sort((a, b) => a.createdAt - b.createdAt)
}
