import { monthOf } from '../../kernel/time.ts'
import type { UnitContext } from '../../operations/index.ts'
import { meteredIn, type Reads } from '../../records/index.ts'
import { accountOf, changeAccount, countingsOf } from './account.ts'
import { type BillingMonth, monthKind, platformUsageKind } from './records.ts'

// A call counts in the commit of its event: the lane that stores the event counts it too. Each engine has a lane of its own,
// so calls do not wait for each other, and the sum over all lanes is exact.

/** Number of metered calls that an organisation answers for in a month. */
export function requestsIn(reads: Reads, org: string, month: string): number {
  return Math.max(0, allIn(reads, org, month) - struckIn(reads, org, month))
}

/** Strikes out all calls of the present month. Returns how many that were. */
export function strikeOut({ unit, now }: Pick<UnitContext, 'unit' | 'now'>, org: string): number {
  const month = monthOf(now)
  const requests = allIn(unit, org, month)
  const before = struckIn(unit, org, month)
  changeAccount(unit, org, { struck: { month, requests }, countings: countingsOf(accountOf(unit, org)) + 1 })
  return requests - before
}

/** The paid requests of an organisation in a month. */
export function monthFor(reads: Reads, org: string, month: string): BillingMonth {
  const id = `${org}.${month}`
  return reads.get(monthKind, id) ?? { id, org, month, paidRequests: 0, paidMicros: 0 }
}

/** In its own trail, and in those of the users of its apps. */
function allIn(reads: Reads, org: string, month: string): number {
  const elsewhere = reads.list(platformUsageKind, 'payer', org, month)
  return elsewhere.reduce((sum, { requests }) => sum + requests, meteredIn(reads, org, month))
}

function struckIn(reads: Reads, org: string, month: string): number {
  const { struck } = accountOf(reads, org)
  return struck?.month === month ? struck.requests : 0
}
