import type { AmountUnit } from '../../families/index.ts'
import type { Json } from '../../kernel/json.ts'
import { kind } from '../../records/index.ts'
import type { Reservation } from '../guardrails/index.ts'

/**
 * One transaction of an agent. `pending` is not signed yet. `signed` has a signature and may have been sent. `broadcast` was
 * accepted by a node. `failed` never happens, or happened and reverted.
 */
export type TransactionStatus =
  | 'pending'
  | 'awaiting_approval'
  | 'signed'
  | 'sign_only'
  | 'broadcast'
  | 'failed'
  | 'simulation_failed'

/** Where a transaction is on its chain, as far as the nodes say. */
export type ChainState =
  | 'sending'
  | 'pending'
  | 'included'
  | 'confirmed'
  | 'reverted'
  | 'replaced'
  | 'dropped'
  | 'refused'

export interface Transaction {
  readonly id: string
  /** Empty if a wallet pays. */
  readonly agentId: string
  /** The wallet of a person that pays. Absent: an agent pays. */
  readonly walletId?: string
  /** The policy by which a person pays with the wallet of another one. */
  readonly accessId?: string
  /** Name of the chain in the registry. */
  readonly chain: string
  readonly purpose: 'submit' | 'sign_only'
  /** What the caller asked for, so that it can be built again. Amounts are in base units. */
  readonly request: {
    readonly to: string | null
    readonly value: string
    readonly fields: { readonly [name: string]: Json }
  }
  readonly unit: AmountUnit
  readonly keyPath: string | null
  readonly simulates: boolean
  readonly from: string
  readonly to: string
  readonly status: TransactionStatus
  readonly chainState: ChainState | null
  readonly nonce: string | null
  readonly signed: string | null
  /** The signed bytes as hexadecimal digits, for nodes. Null: it is not sent. */
  readonly raw: string | null
  /** The caller has the signed bytes, so they can reach the chain without this server. */
  readonly isShown: boolean
  readonly hash: string | null
  readonly maxFee: string | null
  readonly priorityFee: string | null
  readonly error: string | null
  readonly simulation: { readonly id: string; readonly status: string } | null
  readonly reservation: Reservation | null
  readonly approvalId: string | null
  /** The transaction of a bundler that has the operation. The `hash` is that of the operation. */
  readonly includedIn?: string
  /** Height of its block. */
  readonly height: string | null
  /** The proposal of a treasury that it asks for, or that it carries out. */
  readonly safe?: { readonly proposalId: string; readonly role: 'asks' | 'executes' }
  readonly createdAt: number
  readonly signedAt: number | null
}

export const transactionKind = kind<Transaction>('transaction', {
  indexes: {
    agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] },
    wallet: { key: ({ walletId, createdAt }) => (walletId === undefined ? null : [walletId, createdAt]) },
    approval: { key: ({ approvalId }) => (approvalId === null ? null : [approvalId]) },
  },
  history: ['request', 'approvalId', 'safe', 'accessId'],
})

const verbs = ['sign', 'broadcast', 'refuse', 'settle'] as const

/** The names of all events about transactions: of agents, and of wallets of people. */
export const transactionEvents = verbs.flatMap((verb) => [`transaction.${verb}`, `treasury_wallet.${verb}`])

/** The name of an event about a transaction, and whose it is. Wallets of people have names of their own. */
export function eventOf(
  { agentId, walletId, chain }: Pick<Transaction, 'agentId' | 'walletId' | 'chain'>,
  verb: (typeof verbs)[number],
): { readonly action: string; readonly details: Readonly<Record<string, string>> } {
  return walletId === undefined
    ? { action: `transaction.${verb}`, details: { agent_id: agentId, chain } }
    : { action: `treasury_wallet.${verb}`, details: { wallet_id: walletId, chain } }
}

/** A transaction whose outcome is open. Global, because one task follows the transactions of all organisations. */
export interface OpenTransaction {
  readonly id: string
  readonly org: string
  readonly dueAt: number
  readonly tries: number
}

export const openTransactionKind = kind<OpenTransaction>('openTransaction', {
  scope: 'global',
  indexes: { due: { key: ({ dueAt }) => [dueAt] } },
  idOf: 'transaction',
})

/** The next nonce of an address on a chain. It is taken in the unit that signs, so no two transactions get the same. */
export interface NonceLane {
  readonly id: string
  readonly chain: string
  readonly address: string
  readonly next: string
}

export const nonceLaneKind = kind<NonceLane>('nonceLane', {
  indexes: { address: { key: ({ address, chain }) => [address, chain] } },
})
