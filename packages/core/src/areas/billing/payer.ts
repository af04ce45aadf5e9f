import type { Caller } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { appKind, type BillingModel } from '../platform/index.ts'

/** Whose usage a call is. */
export interface Payers {
  /** The organisation that pays, as long as its tier has room. */
  readonly payer: string
  /** The organisation that pays for what is over that. */
  readonly overage: string
  /** The connection of the app that called. Null: the call is of the organisation itself. */
  readonly connectionId: string | null
}

/**
 * The organisation of a platform app can pay for what the app does for users of other organisations: for all of it
 * (`platform_pays`), for none (`user_pays`), or as long as its tier has room (`hybrid`).
 */
export function payersOf(unit: Unit, caller: Caller, org: string): Payers {
  const delegation = caller.kind === 'user' ? caller.delegation : null
  if (!delegation || delegation.appOrg === org) return { payer: org, overage: org, connectionId: null }
  const { appOrg, connectionId } = delegation
  const model: BillingModel = unit.get(appKind, delegation.appId)?.billingModel ?? 'user_pays'
  if (model === 'user_pays') return { payer: org, overage: org, connectionId: null }
  return { payer: appOrg, overage: model === 'hybrid' ? org : appOrg, connectionId }
}
