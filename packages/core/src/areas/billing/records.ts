import { kind } from '../../records/index.ts'

/** What an organisation has agreed with the operator, and what it has paid in advance. */
export interface BillingAccount {
  /** The ID of the organisation. */
  readonly id: string
  /** Null: the default tier of the server. */
  readonly tier: string | null
  /** From then on the default tier counts. Null: never. */
  readonly tierEndsAt: number | null
  /** Requests per month, in place of the limit of the tier. */
  readonly requestsMax: number | null
  /** No limit applies, in any tier. */
  readonly isSponsored: boolean
  /** What pays for a request over the limit. */
  readonly overageMethod: OverageMethod
  /** Prepaid credits, the first that ends first. */
  readonly credits: readonly Credit[]
  /** The last reminder about credits that end, so that none is sent twice. */
  readonly remindedOf: string | null
  /** Requests of this month that the operator has struck out. */
  readonly struck: { readonly month: string; readonly requests: number } | null
  /** Increases with each change of the limit and each strike-out. Earlier reservations are then void. Default: 0. */
  readonly countings?: number
  /** What the payment provider calls the organisation. */
  readonly customer: string | null
  readonly subscription: Subscription | null
  /** The subscription to model tokens, which the organisation pays through the provider. */
  readonly modelTokens: ModelTokens | null
  /** The last subscription that ended. A late event that is older cannot restore it. */
  readonly endedModelTokens?: ModelTokens
}

export const overageMethods = ['credits', 'x402'] as const
export type OverageMethod = (typeof overageMethods)[number]

/** Credits that were bought together. */
export interface Credit {
  readonly id: string
  /** What is left, in millionths of a dollar. */
  readonly micros: number
  readonly expiresAt: number
}

export interface ModelTokens {
  readonly subscription: string
  /** The time of the event at the provider. Default: unknown, but before the record was stored. */
  readonly at?: number
}

export interface Subscription {
  readonly id: string
  readonly tier: string
  readonly interval: 'monthly' | 'yearly'
  /** When the provider said so. */
  readonly at: number
  /** In the words of the provider: active, trialing, past_due, canceled. */
  readonly status: string
  readonly periodEndsAt: number | null
}

/** Global, because the operator changes it, and an app pays for calls in the organisations of its users. */
export const accountKind = kind<BillingAccount>('billingAccount', {
  scope: 'global',
  indexes: {
    all: { key: ({ id }) => [id] },
    customer: { unique: true, blind: true, key: ({ customer }) => (customer === null ? null : [customer]) },
  },
  idOf: 'org',
})

/** What an organisation paid in a month. */
export interface BillingMonth {
  /** `<organisation>.<month>` */
  readonly id: string
  readonly org: string
  /** UTC, such as `2026-11`. */
  readonly month: string
  readonly paidRequests: number
  readonly paidMicros: number
}

/** Global, as the account is. */
export const monthKind = kind<BillingMonth>('billingMonth', {
  scope: 'global',
  indexes: { org: { key: ({ org, month }) => [org, month] } },
  shape: 2,
  // Shape 1 also counted the requests under a limit.
  upcast: (old) => {
    const { id, org, month, paidRequests, paidMicros } = old as BillingMonth
    return { id, org, month, paidRequests, paidMicros }
  },
})

/**
 * The number of requests in a month that engines have reserved for an organisation with a limit. An engine reserves many at once,
 * and its calls take them from memory. Unused requests of a killed engine stay reserved on a shared
 * store, so calls never exceed the limit.
 */
export interface RequestAllowance {
  /** `<organisation>.<month>` */
  readonly id: string
  readonly org: string
  readonly month: string
  readonly reserved: number
  /** `countings` of the account when the engine reserved them. */
  readonly countings: number
}

/** Global, as the account is. */
export const allowanceKind = kind<RequestAllowance>('requestAllowance', {
  scope: 'global',
  indexes: { org: { key: ({ org, month }) => [org, month] } },
})

/** Calls of a platform app in another organisation, for which the organisation of the app pays. */
export interface PlatformUsage {
  /** `<connection>.<month>`: one record for each connection, so that users of an app do not wait for each other. */
  readonly id: string
  readonly payer: string
  readonly month: string
  readonly connectionId: string
  readonly requests: number
}

export const platformUsageKind = kind<PlatformUsage>('platformUsage', {
  scope: 'global',
  indexes: { payer: { key: ({ payer, month }) => [payer, month] } },
  history: ['id', 'connectionId'],
})

/** One line of the ledger of credits. Requests of one day are one line. */
export interface CreditEntry {
  readonly id: string
  readonly org: string
  readonly type: 'topup' | 'grant' | 'usage' | 'expiry' | 'refund'
  /** Positive for credits that came, negative for credits that went. */
  readonly micros: number
  readonly balanceMicros: number
  readonly description: string
  readonly createdAt: number
}

export const creditEntryKind = kind<CreditEntry>('creditEntry', {
  scope: 'global',
  indexes: { org: { key: ({ org, createdAt }) => [org, createdAt] } },
})

/** An event of the payment provider that was handled. Another delivery of it does nothing. */
export interface ProviderEvent {
  readonly id: string
  readonly endsAt: number
}

/** Global, because the event names the organisation, and it is found before that is known. */
export const providerEventKind = kind<ProviderEvent>('billingEvent', {
  scope: 'global',
  indexes: { ends: { key: ({ endsAt }) => [endsAt] } },
})

/**
 * How many things of a kind an organisation has at most. It grows with each one that is made. When it reaches the limit, the
 * things are counted, because some may be gone.
 */
export interface Room {
  /** `vaults`, or `signatures.2026-11`. */
  readonly id: string
  readonly count: number
  /** Grows with each thing that is made. */
  readonly changes: number
}

export const roomKind = kind<Room>('billingRoom')

/** Signatures of one agent in a month. */
export interface SignatureCount {
  /** `<agent>.<month>` */
  readonly id: string
  readonly agentId: string
  readonly month: string
  readonly signatures: number
}

export const signatureCountKind = kind<SignatureCount>('signatureCount', {
  indexes: { month: { key: ({ month, agentId }) => [month, agentId] } },
  history: ['id', 'agentId'],
})

/** Metered calls of one principal in a month, added up from the audit trail. */
export interface PrincipalUsage {
  /** `<month>.<type>.<id>` */
  readonly id: string
  readonly month: string
  readonly principalType: string
  readonly principalId: string
  readonly requests: number
}

export const principalUsageKind = kind<PrincipalUsage>('principalUsage', {
  indexes: { month: { key: ({ month, principalType, principalId }) => [month, principalType, principalId] } },
  history: ['id', 'principalId'],
})

/** How far a lane of the audit trail is added up. */
export interface UsageMark {
  /** The lane. */
  readonly id: string
  /** The number of the first event that is not added yet. */
  readonly next: number
}

export const usageMarkKind = kind<UsageMark>('usageMark')
