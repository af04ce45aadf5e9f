import type { Effects } from '../../families/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import type { Frozen, Ledger } from './ledger.ts'
import type { GuardrailSettings, Layer } from './limits.ts'
import type { Recipient } from './records.ts'

/** What is to be signed. */
export type Signs =
  | { readonly type: 'transaction'; readonly effects: Effects }
  /** `isHash`: 32 bytes, which can be the hash of a transaction of a Safe. A Safe takes a signature over the message as an approval. */
  | { readonly type: 'personal_sign'; readonly isHash?: boolean }
  /** With the effects of a permit, its spender and tokens pass the same rules as those of a transaction. */
  | { readonly type: 'typed_data'; readonly typedData: TypedData; readonly effects?: Effects | null }
  /** A bare hash, which shows nothing of what is signed. */
  | { readonly type: 'digest' }

/** EIP-712 data, as the caller sent it. */
export interface TypedData {
  readonly domain: {
    readonly name?: string | null
    readonly chainId?: bigint | null
    readonly verifyingContract?: string | null
  }
  readonly primaryType: string
}

/** Everything that rules decide from. So a decision can be repeated, and tried with other limits. */
export interface Facts {
  readonly settings: GuardrailSettings
  readonly layers: readonly Layer[]
  /** Whether what the server cannot read is refused. */
  readonly looksInside: boolean
  readonly chain: Pick<RegisteredChain, 'name' | 'family' | 'decimals' | 'currency'>
  readonly signs: Signs
  readonly now: number
  readonly ledger: Ledger
  readonly orgFrozen: Frozen | null
  /** Those of the recipients that the agent has paid before, by address. */
  readonly recipients: ReadonlyMap<string, Recipient>
  /** The registered tokens of the chain, by contract in lowercase. */
  readonly tokens: ReadonlyMap<string, { readonly symbol: string; readonly decimals: number }>
  /** US dollars for one unit, by symbol. */
  readonly usdPrices: Readonly<Record<string, string>>
  /** A human has approved exactly these bytes. */
  readonly isApproved: boolean
}

/** What one rule says of one signature. Money is decimal text in major units. Null: the rule has no such number. */
export interface Verdict {
  readonly rule: string
  readonly allowed: boolean
  readonly reason: string
  readonly reason_code: ReasonCode
  readonly limit: string | number | null
  /** What was used of the limit before. */
  readonly current: string | number | null
  readonly attempted: string | number | null
}

export type ReasonCode =
  | 'within_limit'
  | 'limit_exceeded'
  | 'not_listed'
  | 'not_enabled'
  | 'frozen'
  | 'unreadable'
  | 'unlimited'
  | 'no_price'
  | 'not_supported'
  /** A human may still allow it. */
  | 'approval_required'

/** One rule. It says nothing where it has nothing to check. */
export interface Rule {
  readonly name: string
  /** Refuses also while limits are only logged, because it is a switch, and not a limit that an owner tries out. */
  readonly isSwitch?: true
  judge(facts: Facts): Judgement | null
}

type Numbers = Pick<Verdict, 'limit' | 'current' | 'attempted'>

export type Judgement = Omit<Verdict, 'rule'>

export function allowed(reason: string, numbers: Partial<Numbers> = {}): Judgement {
  return { allowed: true, reason, reason_code: 'within_limit', limit: null, current: null, attempted: null, ...numbers }
}

export function refused(reason_code: ReasonCode, reason: string, numbers: Partial<Numbers> = {}): Judgement {
  return { allowed: false, reason, reason_code, limit: null, current: null, attempted: null, ...numbers }
}

/** What the signature does on a chain. Null: nothing that its bytes say. */
export function effectsIn({ signs }: Pick<Facts, 'signs'>): Effects | null {
  return signs.type === 'transaction' || signs.type === 'typed_data' ? (signs.effects ?? null) : null
}

/** Where budgets of this chain are counted. */
export function placeOf({ family, name }: Facts['chain']): string {
  return `${family}/${name}`
}

/** Addresses of EVM chains and of bech32 have no meaning in their case. Those of other chains have. */
export function sameAddress(one: string, other: string): boolean {
  return foldedAddress(one) === foldedAddress(other)
}

export function foldedAddress(address: string): string {
  return /^(?:0x|bc1|tb1|addr1|addr_test1)/i.test(address) ? address.toLowerCase() : address
}
