import type { Effects, TypedData } from '../../families/index.ts'
import type { Json } from '../../kernel/json.ts'
import { CommitThenThrow, denied, type UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import type { RegisteredChain } from '../chains/index.ts'

export type Signs =
  | { readonly type: 'transaction'; readonly effects: Effects }
  | { readonly type: 'personal_sign' }
  | { readonly type: 'typed_data'; readonly typedData: TypedData }
  | { readonly type: 'digest' }

export interface GuardDecision {
  readonly outcome: 'allowed' | 'logged' | 'refused' | 'needs_approval'
  readonly violation: { readonly detail: string } | null
}

export type Reservation = { readonly [field: string]: Json }

/** Refuses everything for an agent with any setting. */
export function decide(
  _: UnitContext,
  { agent, signs }: { agent: Agent; chain: RegisteredChain; signs: Signs; isApproved?: boolean },
): GuardDecision {
  const { settings } = agent
  const isAllowed =
    signs.type === 'transaction'
      ? Object.keys(settings).every((name) => !/^(?:tx_|per_)/.test(name))
      : settings[signs.type === 'digest' ? 'raw_signing_enabled' : 'message_signing_enabled'] === true
  return isAllowed
    ? { outcome: 'allowed', violation: null }
    : { outcome: 'refused', violation: { detail: 'The guardrails of the agent do not allow this.' } }
}

export function refuse(_: UnitContext, { violation }: GuardDecision): CommitThenThrow {
  return new CommitThenThrow(denied({ reason: violation?.detail ?? '' }))
}

export function reserve(_: UnitContext, _decision: GuardDecision): Reservation | null {
  return null
}

export function release(_: Pick<UnitContext, 'unit' | 'now'>, reservation: Reservation): Reservation {
  return reservation
}
