import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { shareNotFound } from '../errors.ts'
import { shareRef } from '../records.ts'
import { ShareItem, shareId, shareItems } from '../schemas.ts'
import { findShare, isRecipient, mayRevoke } from '../share.ts'

export const getShare = operation({
  name: 'sharing.get',
  summary: 'Get a share without reading its secret. Only its creator, its recipient and admins may do this.',
  http: { method: 'GET', path: '/v1/shares/{share_id}', status: 200, id: 'getShare', tag: 'Sharing' },
  command: { name: 'share get' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'share.read', resource: 'share', about: ({ share_id }) => ({ id: shareRef(share_id) }) },
  input: z.object(shareId),
  output: ShareItem,
  errors: [shareNotFound],
  run: (context, { share_id }) => {
    const { unit, now } = context
    const share = findShare(unit, share_id)
    if (!mayRevoke(context, share) && !isRecipient(context, share)) throw shareNotFound()
    const [item] = shareItems(context, [share], now)
    if (!item) throw shareNotFound()
    return item
  },
})
