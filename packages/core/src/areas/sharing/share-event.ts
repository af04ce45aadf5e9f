import type { Json } from '../../kernel/json.ts'
import { auditEvent, type Context } from '../../operations/index.ts'
import type { Share } from './records.ts'

/**
 * One more event, in the trail of the organisation that shared: that a secret of theirs was read, or what a recipient of
 * another organisation did with a share of theirs.
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
