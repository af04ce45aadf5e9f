import * as z from 'zod'
import { denied, operation } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { treasuryNotFound } from '../errors.ts'
import { treasuryAccessKind } from '../records.ts'
import { AccessBody, accessBody, treasuryRef } from '../schemas.ts'

export const listAccessRequests = operation({
  name: 'treasury.listAccessRequests',
  summary: 'List the access requests of a treasury, with what the agents may do.',
  http: {
    method: 'GET',
    path: '/v1/treasury/{treasury_id}/access-requests',
    status: 200,
    id: 'listTreasuryAccessRequests',
    tag: 'Treasury',
  },
  command: { name: 'treasury access-requests', columns: ['id', 'agent_id', 'status', 'requested_at'] },
  effect: 'read',
  access: { permission: 'manage', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['user'] },
  audit: {
    action: 'treasury.access_list',
    resource: 'treasury',
    about: ({ treasury_id }) => ({ id: treasury_id }),
  },
  input: z.object(treasuryRef),
  output: z.object({ requests: z.array(AccessBody) }),
  errors: [treasuryNotFound, denied],
  run: ({ unit }, { treasury_id }) => ({
    requests: unit.list(treasuryAccessKind, 'treasury', treasury_id).map(accessBody),
  }),
})
