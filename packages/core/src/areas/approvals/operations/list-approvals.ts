import * as z from 'zod'
import { cursorBehind, fields, operation, pageInput, pageOutput } from '../../../operations/index.ts'
import { visibleApprovals } from '../access.ts'
import { type Approval, statusOf } from '../records.ts'
import { ApprovalBody, approvalBody, statuses } from '../schemas.ts'

const limitMax = 500
const limitDefault = 50

export const listApprovals = operation({
  name: 'approvals.list',
  summary:
    'List approvals, newest first. Owners and admins see all approvals. Members see the approvals that ask them. One call reads at most 1,000 approvals.',
  http: { method: 'GET', path: '/v1/approvals', status: 200, id: 'listApprovals', tag: 'Approvals' },
  command: { columns: ['id', 'agent_id', 'action', 'summary.transfers', 'status', 'risk_tier', 'expires_at'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'approval.list', resource: 'approval' },
  input: z.object({
    status: fields.optional(z.enum([...statuses, 'denied'], `must be one of ${statuses.join(', ')}`)),
    limit: fields.optional(fields.count(limitMax, 1)).describe('Maximum number of approvals. Default: 50.'),
    offset: fields.optional(fields.count(1_000_000)).describe('Number of approvals to skip. Default: 0.'),
    cursor: pageInput.cursor,
  }),
  output: z.object({ approvals: z.array(ApprovalBody), ...pageOutput }),
  errors: [],
  run: (context, { status, limit = limitDefault, offset = 0, cursor }) => {
    const wanted = status === 'denied' ? 'rejected' : status
    const isWanted = (one: Approval) => !wanted || statusOf(one, context.now) === wanted
    const { found, rest } = visibleApprovals(context, { max: offset + limit, cursor, isWanted })
    const approvals = found.slice(offset).map((one) => approvalBody(context, one))
    return { approvals, ...(rest && { next_cursor: cursorBehind(rest) }) }
  },
})
