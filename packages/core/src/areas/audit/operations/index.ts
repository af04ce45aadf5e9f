import { listEvents } from './list-events.ts'
import { verifyEvents } from './verify-events.ts'

export const auditOperations = {
  events: listEvents,
  verify: verifyEvents,
}
