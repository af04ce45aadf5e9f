import * as z from 'zod'
import { type Context, operation, signedIn } from '../../../operations/index.ts'
import { type Share, shareKind } from '../records.ts'
import { ShareList, shareItems } from '../schemas.ts'
import { isRecipient, verifiedEmail } from '../share.ts'

export const listInboundShares = operation({
  name: 'sharing.inbound',
  summary: 'List the shares for the caller, by ID or by verified e-mail address.',
  http: { method: 'GET', path: '/v1/shares/inbound', status: 200, id: 'listInboundShares', tag: 'Sharing' },
  command: { name: 'share inbox', columns: ['secret_path', 'is_accepted', 'expires_at', 'id'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'share.list', resource: 'share' },
  input: z.object({}),
  output: ShareList,
  errors: [],
  run: (context) => {
    const { kind, id, org } = signedIn(context)
    const named = context.unit.list(shareKind, 'recipient', org, kind, id)
    const shares = [...named, ...addressed(context)].sort((a, b) => a.createdAt - b.createdAt)
    return { shares: shareItems(context, shares, context.now) }
  },
})

/** Shares from any organisation. A share that another user accepted under this address belongs to that user. */
function addressed(context: Context): Share[] {
  const email = verifiedEmail(context)
  if (email === null) return []
  const own: Share[] = []
  for (const share of context.unit.list(shareKind, 'email', email)) {
    if (isRecipient(context, share)) own.push(share)
  }
  return own
}
