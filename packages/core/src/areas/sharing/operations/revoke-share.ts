import * as z from 'zod'
import { denied, operation } from '../../../operations/index.ts'
import { shareNotFound } from '../errors.ts'
import { shareKind, shareRef } from '../records.ts'
import { shareId } from '../schemas.ts'
import { mayRevoke, ownShare } from '../share.ts'

export const revokeShare = operation({
  name: 'sharing.revoke',
  summary: 'Revoke a share. After that, the share cannot be read.',
  http: {
    method: 'DELETE',
    path: '/v1/share/{share_id}',
    status: 204,
    id: 'revokeShare',
    tag: 'Sharing',
    aliases: [{ method: 'DELETE', path: '/v1/shares/{share_id}', status: 204 }],
  },
  command: { name: 'share revoke' },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'share.revoke', resource: 'share', about: ({ share_id }) => ({ id: shareRef(share_id) }) },
  input: z.object(shareId),
  output: z.undefined(),
  errors: [shareNotFound, denied],
  run: (context, { share_id }) => {
    const share = ownShare(context, share_id)
    if (!mayRevoke(context, share)) throw denied({ reason: 'Only the creator of the share or an admin may revoke it.' })
    context.unit.delete(shareKind, share)
    return undefined
  },
})
