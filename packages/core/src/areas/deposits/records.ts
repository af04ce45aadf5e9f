import type { Json } from '../../kernel/json.ts'
import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'
import type { Asset } from '../ledger/index.ts'

export const statuses = ['active', 'paused', 'archived'] as const

/** `paused`: deposits are followed and not credited. `archived`: the address is not watched. */
export type Status = (typeof statuses)[number]

/** An address to pay to. */
export interface Destination {
  readonly id: string
  /** The owner. */
  readonly createdBy: Principal
  /** Name of the chain in the registry. */
  readonly chain: string
  readonly address: string
  /** The treasury wallet whose address it is. Null: the destination has a key of its own. */
  readonly walletId: string | null
  readonly label: string | null
  readonly metadata: { readonly [name: string]: Json } | null
  readonly status: Status
  /** The internal account that gets the deposits. */
  readonly accountId: string | null
  readonly createdAt: number
}

export const destinationKind = kind<Destination>('depositDestination', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy.kind, createdBy.id, createdAt] },
  },
  history: ['createdBy', 'walletId'],
})

/** `orphaned`: its block left the chain before the credit. `reversed`: after the credit, which was taken back. */
export type DepositStatus = 'received' | 'confirmed' | 'credited' | 'orphaned' | 'reversed'

/** Money that arrived at a destination. */
export interface Deposit {
  readonly id: string
  readonly destinationId: string
  readonly chain: string
  readonly transactionId: string
  readonly from: string | null
  /** Null: the native currency. */
  readonly token: string | null
  readonly symbol: string
  readonly decimals: number
  /** In the smallest unit of the currency or token, as text. */
  readonly units: string
  readonly height: number
  readonly blockId: string
  readonly status: DepositStatus
  /** What the account got. Null before the credit. */
  readonly credit: { readonly accountId: string; readonly asset: Asset; readonly units: string } | null
  readonly createdAt: number
  readonly confirmedAt: number | null
  readonly creditedAt: number | null
}

export const depositKind = kind<Deposit>('deposit', {
  indexes: {
    destination: { key: ({ destinationId, createdAt }) => [destinationId, createdAt] },
    uncredited: {
      key: ({ destinationId, createdAt, status }) => (status === 'confirmed' ? [destinationId, createdAt] : null),
    },
  },
})

/** An address that the task looks for. Global, because it reads each block once for all organisations. */
export interface WatchedAddress {
  /** Of the destination. */
  readonly id: string
  readonly org: string
  readonly chain: string
  readonly address: string
  readonly createdAt: number
}

export const watchedAddressKind = kind<WatchedAddress>('watchedAddress', {
  scope: 'global',
  indexes: { chain: { key: ({ chain, createdAt }) => [chain, createdAt] } },
  idOf: 'depositDestination',
})

/** A deposit whose block can still leave the chain. Global, because the task follows those of all organisations. */
export interface OpenDeposit {
  readonly id: string
  readonly org: string
  readonly chain: string
  readonly height: number
  readonly blockId: string
  /** Whether it is to be confirmed or credited yet. */
  readonly isWaiting: boolean
}

export const openDepositKind = kind<OpenDeposit>('openDeposit', {
  scope: 'global',
  indexes: {
    chain: { key: ({ chain, height }) => [chain, height] },
    waiting: { key: ({ chain, height, isWaiting }) => (isWaiting ? [chain, height] : null) },
    settled: { key: ({ chain, height, isWaiting }) => (isWaiting ? null : [chain, height]) },
  },
  idOf: 'deposit',
})

/** How far a chain was read. Its ID is the name of the chain. */
export interface Scan {
  readonly id: string
  /** Blocks that were read, the oldest first. The last one is how far. */
  readonly read: readonly ReadBlock[]
  /** Deposits in later blocks may have left the chain, and are yet to be looked at. Null: none has. */
  readonly suspectAfter: number | null
  /** While an engine reads, when another one may. */
  readonly dueAt: number
  /** Changes with each claim, so that only the engine with the latest claim continues. */
  readonly claim: string
}

export interface ReadBlock {
  readonly height: number
  readonly id: string
}

export const scanKind = kind<Scan>('depositScan', {
  scope: 'global',
  indexes: { chain: { unique: true, key: ({ id }) => [id] } },
})
