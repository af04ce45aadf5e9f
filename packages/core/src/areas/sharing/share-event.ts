import type { Json } from '../../kernel/json.ts'
import { auditEvent, type Context } from '../../operations/index.ts'
import type { Share } from './records.ts'

/**
 * An additional audit event in the trail of the sharing organisation: a read of its secret, or an action of a recipient
 * of another organisation.
 */
export function shareEvent(
  context: Context,
  share: Share,
  action: string,
  resource: { readonly type: string; readonly id: string },
  details: Readonly<Record<string, Json>> = {},
): void {
  context.unit.audit(auditEvent(context, { action, resource, details: { ...details, share: share.id } }), share.org)
}
