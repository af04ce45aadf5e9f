import type { Json } from '../../kernel/json.ts'
import { actorOf, auditEvent, type Context, type Principal } from '../../operations/index.ts'

/** How somebody tried to prove who they are. */
export type Method = 'password' | 'api_key'

/** Tells the trail of an organisation that one of its principals was let in. */
export function stageSuccess(context: Context, principal: Principal, method: Method): void {
  stage(context, 'auth.success', principal, principal, { method })
}

/** Tells it that somebody used the name or the key of one of them in vain. Who that was, nobody knows. */
export function stageFailure(context: Context, claimed: Principal, method: Method): void {
  stage(context, 'auth.failure', null, claimed, { method, outcome: 'denied' })
}

function stage(
  { unit, origin }: Context,
  action: string,
  actor: Principal | null,
  about: Principal,
  details: Readonly<Record<string, Json>>,
): void {
  const by = { ...actorOf({ caller: { kind: 'anonymous' }, origin }), ...(actor && { type: actor.kind, id: actor.id }) }
  unit.audit(auditEvent(by, { action, resource: { type: about.kind, id: about.id }, details }))
}
