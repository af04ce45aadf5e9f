import * as z from 'zod'
import { denied, operation, signedIn } from '../../../operations/index.ts'
import { shareNotFound } from '../errors.ts'
import { shareKind, shareRef } from '../records.ts'
import { shareId } from '../schemas.ts'
import { checkRecipient, findShare } from '../share.ts'
import { shareEvent } from '../share-event.ts'

export const declineShare = operation({
  name: 'sharing.decline',
  summary: 'Decline a share, even after accepting it. This deletes the share for both sides.',
  http: { method: 'POST', path: '/v1/shares/{share_id}/decline', status: 204, id: 'declineShare', tag: 'Sharing' },
  command: { name: 'share decline' },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'share.decline', resource: 'share', about: ({ share_id }) => ({ id: shareRef(share_id) }) },
  input: z.object(shareId),
  output: z.undefined(),
  errors: [shareNotFound, denied],
  run: (context, { share_id }) => {
    const share = findShare(context.unit, share_id)
    checkRecipient(context, share)
    context.unit.delete(shareKind, share)
    const isAway = signedIn(context).org !== share.org
    if (isAway) shareEvent(context, share, 'share.decline', { type: 'share', id: share.id })
    return undefined
  },
})
