import type { Json } from '../../kernel/json.ts'

/** What a policy grants or refuses. `write` brings `delete` and `rotate` with it. */
export const permissions = ['read', 'write', 'delete', 'rotate'] as const
export type Permission = (typeof permissions)[number]

/** What a request needs. Listing shows what may be read. */
export type Need = Permission | 'list'

export interface PrincipalRef {
  readonly kind: 'user' | 'agent'
  readonly id: string
}

/** Conditions as they were sent. What this engine does not know in them is kept, and never makes a policy more lenient. */
export type Conditions = { readonly [name: string]: Json }

/** One rule of a vault: who may, or may not, do what with which paths, and when. A stored record. */
export interface Policy {
  readonly id: string
  readonly vaultId: string
  /** A glob over paths. It and the principal never change: another pattern is another policy. */
  readonly pattern: string
  readonly principal: PrincipalRef
  readonly permissions: readonly Permission[]
  readonly effect: 'allow' | 'deny'
  /** From 0. The highest that applies decides; among equals a deny. */
  readonly priority: number
  readonly conditions: Conditions
  readonly attributeConditions?: Conditions
  /** For approvals and intents; a decision about a secret does not look at these. */
  readonly consensusTrigger?: Json
  readonly txConditions?: Json
  readonly approvalId?: string
  readonly schemaVersion?: number
  /** Milliseconds; from that moment on the policy is as if it were not there. Null: it stays. */
  readonly expiresAt: number | null
  /** Whether the principal must still accept it. Only in policies that an agent made for another principal. */
  readonly isPending?: boolean
  readonly createdBy: { readonly kind: string; readonly id: string }
  readonly createdAt: number
}

/** The permissions of which a policy must have one to speak on a need. */
export const metBy: Readonly<Record<Need, readonly Permission[]>> = {
  read: ['read'],
  list: ['read'],
  write: ['write'],
  delete: ['delete', 'write'],
  rotate: ['rotate', 'write'],
}

export function speaksOn(policy: Policy, need: Need): boolean {
  return metBy[need].some((permission) => policy.permissions.includes(permission))
}

export function isFor({ principal: { kind, id } }: Policy, principal: PrincipalRef): boolean {
  return id === principal.id && kind === principal.kind
}

/** An allow that is not accepted has no effect. A deny always has. */
export function isWaiting({ isPending = false, effect }: Policy): boolean {
  return isPending && effect === 'allow'
}

export function isExpired(policy: Policy, now: number): boolean {
  return policy.expiresAt !== null && now >= policy.expiresAt
}

/** Whether a policy decides over another that applies as well. Of two that do not outrank each other the first stays. */
export function outranks(policy: Policy, other: Policy): boolean {
  if (policy.priority !== other.priority) return policy.priority > other.priority
  return policy.effect === 'deny' && other.effect === 'allow'
}
