import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'
import type { Asset } from './assets.ts'

/**
 * `internal`: an account of a person, which is never negative. `outside`: where deposits come from. `losses`: pays what the
 * reversal of a deposit does not find in its account.
 */
export type AccountType = 'internal' | 'outside' | 'losses'

export interface Account {
  readonly id: string
  readonly type: AccountType
  readonly name: string
  readonly description: string | null
  /** The owner of the account. */
  readonly createdBy: Principal
  /** In the smallest unit of each asset, as text. What is missing is 0. */
  readonly balances: Readonly<Partial<Record<Asset, string>>>
  /** How many entries the account has. The next one gets this number. */
  readonly entries: number
  readonly createdAt: number
}

export const accountKind = kind<Account>('internalAccount', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy.kind, createdBy.id, createdAt] },
    system: { unique: true, key: ({ type }) => (type === 'internal' ? null : [type]) },
  },
  history: ['createdBy'],
})

export type Direction = 'credit' | 'debit'

/** Why money moved. The ID is that of the transfer or of the deposit. */
export interface Reference {
  readonly type: 'transfer' | 'deposit' | 'deposit_reversal'
  readonly id: string
}

/** One leg of a posting, as the account that it belongs to sees it. The other leg is in the counterpart. */
export interface Entry {
  readonly id: string
  readonly accountId: string
  /** Its place in the account: 0 is the oldest. */
  readonly number: number
  readonly counterpartId: string
  readonly asset: Asset
  /** In the smallest unit of the asset, more than 0. */
  readonly units: string
  readonly direction: Direction
  readonly reference: Reference
  readonly memo: string | null
  readonly createdAt: number
}

export const entryKind = kind<Entry>('ledgerEntry', {
  indexes: { account: { unique: true, key: ({ accountId, number }) => [accountId, number] } },
  // They are walked through, and never change.
  remembered: false,
  history: ['reference'],
})
