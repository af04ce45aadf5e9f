import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { visiblePending } from '../access.ts'
import { statusOf } from '../records.ts'
import { PendingApprovalBody, pendingApprovalBody, statuses } from '../schemas.ts'

const limitMax = 100

export const listPendingApprovals = operation({
  name: 'consensus.list',
  summary: 'List what waits for people to agree, and what they decided. Newest first.',
  http: {
    method: 'GET',
    path: '/v1/pending-approvals',
    status: 200,
    id: 'listPendingApprovals',
    tag: 'Pending Approvals',
  },
  command: { name: 'consensus list', columns: ['id', 'action', 'status', 'current_approvals', 'required_approvals'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'pending_approval.list', resource: 'pending_approval' },
  input: z.object({
    status: fields.optional(z.enum(statuses, `must be one of ${statuses.join(', ')}`)),
    agent_id: fields.optional(fields.id()).describe('Only those of this agent.'),
    limit: fields.optional(fields.count(limitMax, 1)).describe('Maximum number. Default: 100.'),
    offset: fields.optional(fields.count(1_000_000)).describe('Number to skip. Default: 0.'),
  }),
  output: z.object({ pending_approvals: z.array(PendingApprovalBody), total: z.int() }),
  errors: [],
  run: (context, { status, agent_id, limit = limitMax, offset = 0 }) => {
    const found = visiblePending(context).filter(
      (one) =>
        (status === undefined || statusOf(one, context.now) === status) &&
        (agent_id === undefined || one.agentId === agent_id),
    )
    const shown = found.slice(offset, offset + limit)
    return { pending_approvals: shown.map((one) => pendingApprovalBody(context, one)), total: found.length }
  },
})
