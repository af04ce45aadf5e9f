import { formatAddress } from '../../../kernel/ip.ts'
import type { Json } from '../../../kernel/json.ts'
import type { Context } from '../../../operations/index.ts'
import type { Share } from '../records.ts'

/**
 * One more event, in the trail of the organisation that shared: that a secret of theirs was read, or what somebody who
 * is at home elsewhere did with a share of theirs.
 */
export function shareEvent(
  { unit, caller, origin }: Context,
  share: Share,
  action: string,
  resource: { readonly type: string; readonly id: string },
  details: Readonly<Record<string, Json>> = {},
): void {
  const event = {
    action,
    actorType: caller.kind,
    actorId: caller.kind === 'anonymous' ? '' : caller.id,
    resourceType: resource.type,
    resourceId: resource.id,
    details: { ...details, share: share.id },
    ip: origin.ip ? formatAddress(origin.ip) : null,
  }
  unit.audit(event, share.org)
}
