import type { Json } from '../../kernel/json.ts'
import { kind } from '../../records/index.ts'
import type { Entry, Frozen, Ledger } from './ledger.ts'

/** One record for each agent, so that every budget of a transaction is taken in one write. */
export const ledgerKind = kind<Ledger>('ledger', { idOf: 'agent', history: ['frozen'] })

/** One address that an agent has paid. */
export interface Recipient {
  readonly id: string
  readonly agentId: string
  readonly firstAt: number
  /** Native currency of the last 24 hours. */
  readonly moved: readonly Entry[]
}

export const recipientKind = kind<Recipient>('recipient', {
  indexes: { agent: { key: ({ agentId, firstAt }) => [agentId, firstAt] } },
})

/** Exists while the organisation signs nothing. */
export interface OrgFreeze extends Frozen {
  readonly id: 'org'
}

export const orgFreezeKind = kind<OrgFreeze>('orgFreeze', { history: ['by'] })

/**
 * One decision about a signature, for replay. It holds no key and no signature. Its id ends with `number` modulo
 * `decisionsKept`, so the newest replaces the oldest.
 */
export interface DecisionRecord {
  readonly id: string
  readonly agentId: string
  readonly number: number
  readonly at: number
  readonly chain: string
  readonly type: string
  /** A human had approved these bytes. */
  readonly isApproved: boolean
  readonly outcome: 'signed' | 'refused' | 'logged' | 'awaiting'
  /** The rule that refused, or would have. */
  readonly rule: string | null
  /** What was to be signed, as JSON in a text, or as an object from an earlier version. Null: it was too large to keep. */
  readonly signs: string | { readonly [field: string]: Json } | null
}

export const decisionsKept = 1_000

export const decisionKind = kind<DecisionRecord>('decision', {
  indexes: { agent: { key: ({ agentId, number }) => [agentId, number] } },
})

/** One change of the limits of an agent. */
export interface Revision {
  readonly id: string
  readonly agentId: string
  readonly number: number
  readonly at: number
  readonly by: string
  /** The person who agreed to a change that allows more. */
  readonly approvedBy: string | null
  readonly changes: Readonly<Record<string, { readonly before: Json; readonly after: Json }>>
}

export const revisionKind = kind<Revision>('revision', {
  indexes: { agent: { key: ({ agentId, number }) => [agentId, number] } },
  history: ['by', 'approvedBy'],
})
