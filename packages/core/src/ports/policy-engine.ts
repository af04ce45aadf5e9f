/**
 * A second opinion on access: rules that are kept elsewhere, such as Cedar or OPA. It can only refuse. The engine asks
 * it after its own decision was yes, about everybody and everything, owners of vaults and admins included, so it can
 * open no door, and nothing is out of its reach but what was shared already.
 *
 * A list asks about many paths at once. An engine that decides in memory answers at once; one that has to ask elsewhere
 * answers with a promise. It may be asked again about the same call. When it throws, is too late or answers anything but
 * one verdict per request, access is refused with `unavailable`.
 *
 * @example
 * const engine: PolicyEngine = {
 *   evaluate: (requests) =>
 *     requests.map(({ path }) => (path?.startsWith('legal/') ? { allowed: false, reason: 'litigation' } : { allowed: true })),
 * }
 */
export interface PolicyEngine {
  /** One verdict per request, in their order. */
  evaluate(requests: readonly PolicyRequest[]): readonly PolicyVerdict[] | Promise<readonly PolicyVerdict[]>
}

export interface PolicyRequest {
  readonly principal: { readonly kind: 'user' | 'agent'; readonly id: string }
  /** About a path: `read`, `write`, `delete`, `rotate`. About the vault itself: `see`, `delete`, `govern`. */
  readonly permission: string
  readonly vaultId: string
  /** In its canonical form; null when it is about the vault itself. */
  readonly path: string | null
  /** Of a user in the organisation. */
  readonly role: 'owner' | 'admin' | 'member' | null
  /** Of an agent. */
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
      /** For the audit trail. The caller hears it only when it is public. */
      readonly reason: string
      readonly isPublic?: boolean
    }
