import * as z from 'zod'
import { cursorBehind, fields, operation, pageInput, pageOutput } from '../../../operations/index.ts'
import { visiblePending } from '../access.ts'
import { PendingApprovalBody, pendingApprovalBody, statuses } from '../schemas.ts'
import { statusNow } from '../tally.ts'

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
    cursor: pageInput.cursor,
  }),
  output: z.object({
    pending_approvals: z.array(PendingApprovalBody),
    total: z.int().describe('Number found from the cursor on. The server looks at 250 records for one answer.'),
    ...pageOutput,
  }),
  errors: [],
  run: (context, { status, agent_id, limit = limitMax, offset = 0, cursor }) => {
    const { visible, rest } = visiblePending(context, agent_id ?? null, cursor)
    const found = visible.filter((one) => status === undefined || statusNow(context, one) === status)
    const shown = found.slice(offset, offset + limit)
    const last = shown.at(-1)
    const next = last && found.length > offset + limit ? last : rest
    return {
      pending_approvals: shown.map((one) => pendingApprovalBody(context, one)),
      total: found.length,
      ...(next && { next_cursor: cursorBehind(next) }),
    }
  },
})
