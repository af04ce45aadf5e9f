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
  run: async (context) => {
    const { kind, id, org } = signedIn(context)
    const named = await context.unit.list(shareKind, 'recipient', org, kind, id)
    const shares = [...named, ...(await addressed(context))].sort((a, b) => a.createdAt - b.createdAt)
    return { shares: await shareItems(context, shares, context.now) }
  },
})

/** From whatever organisation; one that somebody else accepted under this address is theirs. */
async function addressed(context: Context): Promise<Share[]> {
  const email = await verifiedEmail(context)
  if (email === null) return []
  const own: Share[] = []
  for (const share of await context.unit.list(shareKind, 'email', email)) {
    if (await isRecipient(context, share)) own.push(share)
  }
  return own
}
