import type { Tier, UnitContext } from '../../operations/index.ts'
import type { Reads, Unit } from '../../records/index.ts'
import { x402ConfigOf } from '../x402/index.ts'
import { accountKind, type BillingAccount } from './records.ts'

/** The account of an organisation. Without a record, it is that of the default tier. */
export function accountOf(reads: Reads, org: string): BillingAccount {
  return reads.get(accountKind, org) ?? newAccount(org)
}

/** Stages changes of the account of an organisation. */
export function changeAccount(unit: Unit, org: string, changes: Partial<Omit<BillingAccount, 'id'>>): BillingAccount {
  const changed = { ...accountOf(unit, org), ...changes }
  unit.put(accountKind, changed)
  return changed
}

/**
 * The same for what decides about the limit of requests. Without a limit, only the trail counts. So the next call under a limit
 * takes over what the trail has counted.
 */
export function changeLimit(
  { unit }: Pick<UnitContext, 'unit'>,
  org: string,
  changes: Partial<Pick<BillingAccount, 'tier' | 'tierEndsAt' | 'requestsMax' | 'isSponsored'>>,
): BillingAccount {
  return changeAccount(unit, org, { ...changes, countings: countingsOf(accountOf(unit, org)) + 1 })
}

export function countingsOf({ countings = 0 }: BillingAccount): number {
  return countings
}

/** Each call of an organisation without a record runs this, so it has no spreads, which are slower. */
function newAccount(org: string): BillingAccount {
  return {
    id: org,
    tier: null,
    tierEndsAt: null,
    requestsMax: null,
    isSponsored: false,
    overageMethod: 'credits',
    credits: [],
    remindedOf: null,
    struck: null,
    customer: null,
    subscription: null,
    modelTokens: null,
  }
}

/** The name of the tier where the operator configured none. It has no limits. */
export const unlimitedTier = 'enterprise'

const unlimited: Tier = {}

/** The tier that counts for an organisation now. */
export function tierOf(
  { settings: { tiers }, now, unit }: Pick<UnitContext, 'settings' | 'now' | 'unit'>,
  { tier, tierEndsAt, isSponsored, requestsMax }: BillingAccount,
): { readonly name: string; readonly tier: Tier } {
  if (tiers === null) return { name: unlimitedTier, tier: unlimited }
  const isOver = tierEndsAt !== null && tierEndsAt <= now
  // A tier that is no longer configured gives no more than the default.
  const name = tier !== null && !isOver && Object.hasOwn(tiers.tiers, tier) ? tier : tiers.default
  const own = tiers.tiers[name] ?? unlimited
  if (isSponsored) return { name, tier: unlimited }
  // The operator can change the default tier while the server runs.
  const requests = requestsMax ?? (name === tiers.default ? x402ConfigOf(unit).freeTierLimit : null)
  return { name, tier: requests === null ? own : { ...own, limits: { ...own.limits, requests } } }
}
