import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { SegmentBody, segmentBody, segmentNumber } from '../schemas.ts'
import { segmentKind } from '../segments.ts'
import { trailOf } from '../trail.ts'

const segmentsMax = 1_000

export const listSegments = operation({
  name: 'audit.segments',
  summary: 'List the closed segments of the audit trail, by lane, oldest first.',
  http: { method: 'GET', path: '/v1/audit/segments', status: 200, id: 'listAuditSegments', tag: 'Audit' },
  command: { columns: ['lane', 'number', 'events', 'from', 'to', 'exported_at'] },
  effect: 'read',
  takesData: true,
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'audit.segments', resource: 'audit' },
  input: z.object({
    after_lane: fields.optional(fields.text(64)).describe('With after_number, the last segment of the page before.'),
    after_number: fields.optional(segmentNumber()).describe('With after_lane, the last segment of the page before.'),
    limit: fields.optional(fields.count(segmentsMax, 1)).describe('Maximum number of segments. Default: 1000.'),
  }),
  output: z.object({ segments: z.array(SegmentBody) }),
  errors: [],
  run: (context, { after_lane, after_number = 0, limit = segmentsMax }) => {
    const { reading } = trailOf(context, signedIn(context).org)
    const after = after_lane === undefined ? {} : { after: [after_lane, after_number] }
    const segments = context.unit.waitFor(() => reading().page(segmentKind, 'lane', { ...after, limit }))
    return { segments: segments.map(segmentBody) }
  },
})
