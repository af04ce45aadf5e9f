import { formatAddress } from '../../../kernel/ip.ts'
import type { Json } from '../../../kernel/json.ts'
import { type Context, signedIn } from '../../../operations/index.ts'
import type { AuditDraft } from '../../../records/index.ts'

/** Who did something, as a job can carry it. */
export type Actor = { readonly type: string; readonly id: string; readonly ip: string | null }

export function actorOf(context: Context): Actor {
  const { kind, id } = signedIn(context)
  const { ip } = context.origin
  return { type: kind, id, ip: ip ? formatAddress(ip) : null }
}

/** An event beside the one that an operation leaves by itself. */
export function agentEvent(
  by: Actor,
  action: string,
  resource: { readonly type: string; readonly id: string },
  details: Readonly<Record<string, Json>> = {},
): AuditDraft {
  return {
    action,
    actorType: by.type,
    actorId: by.id,
    resourceType: resource.type,
    resourceId: resource.id,
    details,
    ip: by.ip,
  }
}
