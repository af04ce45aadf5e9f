/**
 * An external access decision, such as Cedar or OPA. It can only deny. The engine asks it after its own policies
 * allowed the access, for every caller, including owners and admins. Only reads through an existing share are not asked
 * about.
 *
 * A list asks about many paths at once. A policy engine returns its verdicts directly or as a promise. It can be asked
 * again about the same call. If it throws, times out or returns anything but one verdict per request, the caller gets
 * `unavailable`.
 *
 * @example
 * const engine: PolicyEngine = {
 *   evaluate: (requests) =>
 *     requests.map(({ path }) => (path?.startsWith('legal/') ? { allowed: false, reason: 'litigation' } : { allowed: true })),
 * }
 */
export interface PolicyEngine {
  /** Returns one verdict per request, in the same order. */
  evaluate(requests: readonly PolicyRequest[]): readonly PolicyVerdict[] | Promise<readonly PolicyVerdict[]>
}

export interface PolicyRequest {
  readonly principal: { readonly kind: 'user' | 'agent'; readonly id: string }
  /** On a path: `read`, `write`, `delete`, `rotate`. On the vault: `see`, `delete`, `govern`. */
  readonly permission: string
  readonly vaultId: string
  /** The canonical path. Null if the request is about the vault. */
  readonly path: string | null
  /** Role of a user in the organisation. Null for an agent. */
  readonly role: 'owner' | 'admin' | 'member' | null
  /** Environment of an agent. */
  readonly environment: string | null
  readonly ip: string | null
  readonly authMethod: string
  /** Milliseconds since 1970, UTC. */
  readonly now: number
}

export type PolicyVerdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false
      /** Reason for the audit trail. The caller gets it only if `isPublic` is true. */
      readonly reason: string
      readonly isPublic?: boolean
    }
