import * as z from 'zod'
import { denied, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { shareGone, shareNotFound } from '../errors.ts'
import { shareKind, shareRef } from '../records.ts'
import { shareId } from '../schemas.ts'
import { checkRecipient, findShare } from '../share.ts'
import { shareEvent } from '../share-event.ts'

export const acceptShare = operation({
  name: 'sharing.accept',
  summary: 'Accept a share. Only the recipient who accepted it can read it.',
  http: { method: 'POST', path: '/v1/shares/{share_id}/accept', status: 204, id: 'acceptShare', tag: 'Sharing' },
  command: { name: 'share accept' },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'share.accept', resource: 'share', about: ({ share_id }) => ({ id: shareRef(share_id) }) },
  input: z.object(shareId),
  output: z.undefined(),
  errors: [shareNotFound, shareGone, denied],
  run: (context, { share_id }) => {
    const { unit, now } = context
    const caller = signedIn(context)
    const share = findShare(unit, share_id)
    checkRecipient(context, share)
    if (share.expiresAt <= now) throw shareGone({ reason: 'expired' })
    if (share.acceptedBy !== null) return undefined
    unit.put(shareKind, { ...share, acceptedBy: principalOf(caller) })
    if (caller.org !== share.org) shareEvent(context, share, 'share.accept', { type: 'share', id: share.id })
    return undefined
  },
})
