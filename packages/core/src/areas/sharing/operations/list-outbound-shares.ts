import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { shareKind } from '../records.ts'
import { ShareList, shareItems } from '../schemas.ts'

export const listOutboundShares = operation({
  name: 'sharing.outbound',
  summary: 'List the shares that the caller created.',
  http: {
    method: 'GET',
    path: '/v1/shares/outbound',
    status: 200,
    id: 'listOutboundShares',
    tag: 'Sharing',
    aliases: [{ method: 'GET', path: '/v1/shares', status: 200 }],
  },
  command: { name: 'share list', columns: ['secret_path', 'recipient_type', 'access_count', 'expires_at', 'id'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'share.list', resource: 'share' },
  input: z.object({}),
  output: ShareList,
  errors: [],
  run: (context) => {
    const { kind, id, org } = signedIn(context)
    const shares = context.unit.list(shareKind, 'creator', org, kind, id)
    return { shares: shareItems(context, shares, context.now) }
  },
})
