import type { Json } from '../../kernel/json.ts'
import { actorOf, auditEvent, type Context, type Holder } from '../../operations/index.ts'

/** The method of a sign-in attempt. */
export type Method =
  | 'password'
  | 'mtls'
  | 'oidc'
  | 'api_key'
  | 'email_link'
  | 'email_code'
  | 'totp'
  | 'recovery_code'
  | 'passkey'
  | 'device_code'

/** Stages the audit event of a successful sign-in. */
export function stageSuccess(context: Context, principal: Holder, method: Method, keyId?: string): void {
  stage(context, 'auth.success', principal, principal, { method, ...(keyId && { api_key_id: keyId }) })
}

/** Stages the audit event of a right first factor that a second one must follow. */
export function stageChallenge(context: Context, claimed: Holder, method: Method): void {
  stage(context, 'auth.challenge', null, claimed, { method })
}

/** Stages the audit event of a failed sign-in with the name or key of a principal. The actor is unknown. */
export function stageFailure(context: Context, claimed: Holder, method: Method, reason?: string): void {
  stage(context, 'auth.failure', null, claimed, { method, outcome: 'denied', ...(reason && { reason }) })
}

/** Stages the audit event of a token for another service. The agent is the actor, even if another caller sent the request. */
export function stageFederated(context: Context, agentId: string, details: Readonly<Record<string, Json>>): void {
  const agent = { kind: 'agent', id: agentId } as const
  stage(context, 'auth.federated_token_issued', agent, agent, details)
}

export function stageFederationRefused(context: Context, agentId: string, audience: string): void {
  const agent = { kind: 'agent', id: agentId } as const
  stage(context, 'auth.federated_token_refused', agent, agent, { audience, outcome: 'denied' })
}

function stage(
  { unit, origin }: Context,
  action: string,
  actor: Holder | null,
  about: Holder,
  details: Readonly<Record<string, Json>>,
): void {
  const by = { ...actorOf({ caller: { kind: 'anonymous' }, origin }), ...(actor && { type: actor.kind, id: actor.id }) }
  unit.audit(auditEvent(by, { action, resource: { type: about.kind, id: about.id }, details }))
}
