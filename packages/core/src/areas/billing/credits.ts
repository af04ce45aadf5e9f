import { day } from '../../kernel/time.ts'
import type { UnitContext } from '../../operations/index.ts'
import { accountOf, changeAccount } from './account.ts'
import { type BillingAccount, type Credit, type CreditEntry, creditEntryKind } from './records.ts'

// What was paid in advance. Credits are part of the account, so that of many calls at once each spends what the one before
// has left. The ledger says what came and went.

/** Credits are good for twelve months (§16.3). */
const creditLifeMs = 365 * day

type Means = Pick<UnitContext, 'unit' | 'now' | 'newId'>

/** What can be spent now, in millionths of a dollar. */
export function balanceOf({ credits }: Pick<BillingAccount, 'credits'>, now: number): number {
  return sumOf(live(credits, now))
}

/** What ends before a time and was not spent, and when the first of it ends. */
export function endingBefore({ credits }: Pick<BillingAccount, 'credits'>, now: number, before: number) {
  const ending = live(credits, now).filter(({ expiresAt }) => expiresAt <= before)
  return { micros: sumOf(ending), earliest: ending[0]?.expiresAt ?? null }
}

export interface NewCredits {
  readonly micros: number
  readonly type: 'topup' | 'grant'
  readonly description: string
  /** Default: twelve months from now. */
  readonly expiresAt?: number
}

/** Stages credits of an organisation, with the line in the ledger. */
export function addCredits(context: Means, org: string, { micros, type, description, expiresAt }: NewCredits): void {
  const { unit, now, newId } = context
  const account = withoutEnded(context, accountOf(unit, org))
  const credit = { id: newId(), micros, expiresAt: expiresAt ?? now + creditLifeMs }
  const credits = merged([...account.credits, credit])
  changeAccount(unit, org, { credits })
  note(context, org, { type, micros, balanceMicros: sumOf(credits), description })
}

/**
 * Stages that credits are spent, those that end first before the others. Returns false, and stages nothing, if there are
 * too few.
 */
export function spendCredits(context: Means, org: string, micros: number): boolean {
  const { unit, now } = context
  const known = accountOf(unit, org)
  if (balanceOf(known, now) < micros) return false
  const { credits } = withoutEnded(context, known)
  const left = without(credits, micros)
  changeAccount(unit, org, { credits: left })
  noteUsage(context, org, micros, sumOf(left))
  return true
}

/** Stages the end of credits whose time is over. */
export function endCredits(context: Means, account: BillingAccount): void {
  const { credits } = withoutEnded(context, account)
  if (credits.length < account.credits.length) changeAccount(context.unit, account.id, { credits })
}

function withoutEnded(context: Means, account: BillingAccount): BillingAccount {
  const { now } = context
  const credits = live(account.credits, now)
  const micros = sumOf(account.credits) - sumOf(credits)
  const description = 'Credits that were not used within their time.'
  if (micros > 0)
    note(context, account.id, { type: 'expiry', micros: -micros, balanceMicros: sumOf(credits), description })
  return { ...account, credits }
}

/** The first that ends first. Those of the same day are one, so that the list stays short. */
function merged(credits: readonly Credit[]): readonly Credit[] {
  const byDay = new Map<number, Credit>()
  for (const credit of credits) {
    const ends = Math.floor(credit.expiresAt / day)
    const other = byDay.get(ends)
    const expiresAt = Math.max(credit.expiresAt, other?.expiresAt ?? 0)
    byDay.set(ends, { ...credit, micros: credit.micros + (other?.micros ?? 0), expiresAt })
  }
  return [...byDay.values()].sort((one, other) => one.expiresAt - other.expiresAt)
}

function without(credits: readonly Credit[], micros: number): readonly Credit[] {
  let open = micros
  return credits.flatMap((credit) => {
    const spent = Math.min(open, credit.micros)
    open -= spent
    return spent === credit.micros ? [] : [{ ...credit, micros: credit.micros - spent }]
  })
}

function live(credits: readonly Credit[], now: number): readonly Credit[] {
  return credits.filter(({ expiresAt }) => expiresAt > now)
}

function sumOf(credits: readonly Credit[]): number {
  return credits.reduce((sum, { micros }) => sum + micros, 0)
}

function note({ unit, now, newId }: Means, org: string, entry: Omit<CreditEntry, 'id' | 'org' | 'createdAt'>): void {
  unit.put(creditEntryKind, { ...entry, id: newId(), org, createdAt: now })
}

/** Requests cost a fraction of a cent, so those of one day are one line. */
function noteUsage({ unit, now }: Pick<Means, 'unit' | 'now'>, org: string, micros: number, balanceMicros: number) {
  const id = `usage.${org}.${Math.floor(now / day)}`
  const spent = (unit.get(creditEntryKind, id)?.micros ?? 0) - micros
  const description = 'Usage over the limits of the tier.'
  unit.put(creditEntryKind, { id, org, type: 'usage', micros: spent, balanceMicros, description, createdAt: now })
}
