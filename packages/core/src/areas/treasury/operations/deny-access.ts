import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { resolve, resolving } from '../resolve.ts'
import { accessBody, accessRef } from '../schemas.ts'

export const denyAccess = operation({
  ...resolving,
  name: 'treasury.denyAccess',
  summary: 'Deny an access request.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/access-requests/{request_id}/deny',
    status: 200,
    id: 'denyTreasuryAccess',
    tag: 'Treasury',
  },
  command: { name: 'treasury deny-access', positionals: ['treasury_id', 'request_id'] },
  audit: {
    action: 'treasury.access_deny',
    resource: 'treasury',
    about: ({ treasury_id, request_id }, made) => ({ id: treasury_id, request: request_id, agent_id: made?.agent_id }),
  },
  input: z.object(accessRef),
  run: (context, asked) => accessBody(resolve(context, asked, null)),
})
