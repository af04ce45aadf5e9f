import { internalError } from '../../kernel/errors.ts'
import { nilUuid } from '../../kernel/ids.ts'
import type { UnitContext } from '../../operations/index.ts'
import type { Asset } from './assets.ts'
import { accountNotFound, insufficientBalance } from './errors.ts'
import { type Account, type AccountType, accountKind, type Direction, entryKind, type Reference } from './records.ts'

// The only place that changes a balance.

/** Money that moves from one account to another. */
export interface Posting {
  readonly from: string
  readonly to: string
  readonly asset: Asset
  /** In the smallest unit of the asset. */
  readonly units: bigint
  readonly reference: Reference
  readonly memo: string | null
}

type PostingContext = Pick<UnitContext, 'unit' | 'now' | 'newId'>

/**
 * Stages both legs of a posting and both balances. Throws `insufficient_balance` if an account would be negative that must not
 * be.
 *
 * @example
 * post(context, { from, to, asset: 'USDC', units: 5_000_000n, reference: { type: 'transfer', id }, memo: null })
 */
export function post(context: PostingContext, posting: Posting): void {
  const { from, to, units } = posting
  if (units <= 0n || from === to) throw internalError()
  enter(context, from, 'debit', to, posting)
  enter(context, to, 'credit', from, posting)
}

function enter(
  { unit, now, newId }: PostingContext,
  accountId: string,
  direction: Direction,
  counterpartId: string,
  { asset, units, reference, memo }: Posting,
): void {
  const account = unit.require(accountKind, accountId, accountNotFound)
  const balance = balanceOf(account, asset) + (direction === 'credit' ? units : -units)
  if (balance < 0n && account.type === 'internal') throw insufficientBalance({ asset })
  const { entries: number } = account
  const leg = { accountId, number, counterpartId, asset, units: units.toString(), direction }
  unit.put(entryKind, { id: newId(), ...leg, reference, memo, createdAt: now })
  const balances = { ...account.balances, [asset]: balance.toString() }
  unit.put(accountKind, { ...account, balances, entries: number + 1 })
}

export function balanceOf({ balances }: Account, asset: Asset): bigint {
  return BigInt(balances[asset] ?? '0')
}

/** An account of the organisation itself. It is made when it is first needed. */
export function systemAccount({ unit, now, newId }: PostingContext, type: Exclude<AccountType, 'internal'>): Account {
  const known = unit.find(accountKind, 'system', type)
  if (known) return known
  const createdBy = { kind: 'user', id: nilUuid } as const
  const account = { id: newId(), type, name: names[type], description: null, createdBy }
  const made: Account = { ...account, balances: {}, entries: 0, createdAt: now }
  unit.put(accountKind, made)
  return made
}

const names = { outside: 'Outside', losses: 'Losses' } as const
