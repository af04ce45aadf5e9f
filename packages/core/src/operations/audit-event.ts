import { formatAddress } from '../kernel/ip.ts'
import type { Json } from '../kernel/json.ts'
import type { AuditDraft } from '../records/index.ts'
import type { Caller } from './caller.ts'
import type { Context } from './engine.ts'

/** The actor of an event, in a form that a job can store. */
export type Actor = { readonly type: string; readonly id: string; readonly ip: string | null }

export interface AuditEventFacts {
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  /** Undefined fields are omitted. The details hold no value of a secret. */
  readonly details?: Readonly<Record<string, Json | undefined>>
  /** The metered operation whose call this is. */
  readonly metered?: string | undefined
}

/**
 * An event of the audit trail, with the caller as its actor.
 *
 * @example
 * unit.audit(auditEvent(context, { action: 'secret.read', resource: { type: 'secret', id }, details: { path } }))
 */
export function auditEvent(by: Pick<Context, 'caller' | 'origin'> | Actor, facts: AuditEventFacts): AuditDraft {
  const actor = 'caller' in by ? actorOf(by) : by
  const keyId = 'caller' in by ? keyOf(by.caller) : null
  const given = keyId === null ? (facts.details ?? {}) : { api_key_id: keyId, ...facts.details }
  const details: Record<string, Json> = {}
  for (const name of Object.keys(given).sort()) {
    const value = given[name]
    if (value !== undefined) details[name] = value
  }
  const draft: Draft = {
    action: facts.action,
    actorType: actor.type,
    actorId: actor.id,
    resourceType: facts.resource.type,
    resourceId: facts.resource.id,
    details,
    ip: actor.ip,
  }
  // Most events are reads, and a copy for one field costs.
  if (facts.metered) draft.metered = facts.metered
  return draft
}

/** Events of agents do not name the key: an agent has only one, and most events are reads of agents. */
function keyOf(caller: Caller): string | null {
  return caller.kind === 'user' || caller.kind === 'app' ? (caller.session?.keyId ?? null) : null
}

type Draft = { -readonly [Field in keyof AuditDraft]: AuditDraft[Field] }

export function actorOf({ caller, origin }: Pick<Context, 'caller' | 'origin'>): Actor {
  const id = caller.kind === 'anonymous' ? '' : caller.id
  const ipText = origin.ip ? formatAddress(origin.ip) : null
  // The user did not do it. The ID of the connection finds all that the app did for this user.
  if (caller.kind === 'user' && caller.delegation) {
    return { type: 'platform_delegated', id: caller.delegation.connectionId, ip: ipText }
  }
  return { type: caller.kind, id, ip: ipText }
}
