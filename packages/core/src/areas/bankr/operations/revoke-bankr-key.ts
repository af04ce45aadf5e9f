import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { endLease } from '../end.ts'
import { leaseNotFound } from '../errors.ts'
import { bankrLeaseKind } from '../records.ts'

export const revokeBankrKey = operation({
  name: 'bankr.revoke',
  summary: 'End a lease of an agent, and revoke its key at Bankr.',
  http: {
    method: 'DELETE',
    path: '/v1/agents/{agent_id}/bankr-keys/{lease_id}',
    status: 204,
    id: 'revokeBankrKey',
    tag: 'Bankr Keys',
  },
  command: { name: 'bankr revoke' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'bankr_key.revoked',
    resource: 'agent',
    about: ({ agent_id, lease_id }) => ({ id: agent_id, lease: lease_id }),
  },
  input: z.object({ agent_id: fields.id(), lease_id: fields.id() }),
  output: z.undefined(),
  errors: [agentNotFound, leaseNotFound],
  run: (context, { agent_id, lease_id }) => {
    const lease = context.unit.require(bankrLeaseKind, lease_id, leaseNotFound)
    if (lease.agentId !== agent_id) throw leaseNotFound()
    const job = endLease(context.jobs, context.unit, lease)
    if (job !== null) context.waitForJob(job)
    return undefined
  },
})
