import { confirmSegment } from './confirm-segment.ts'
import { exportSegment } from './export-segment.ts'
import { followEvents } from './follow-events.ts'
import { listEvents } from './list-events.ts'
import { listSegments } from './list-segments.ts'
import { verifyEvents } from './verify-events.ts'

export const auditOperations = {
  events: listEvents,
  verify: verifyEvents,
  follow: followEvents,
  segments: listSegments,
  exportSegment,
  confirmSegment,
}
