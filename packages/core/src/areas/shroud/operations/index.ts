import { createRouterKey } from './create-router-key.ts'
import { getFlaggedRequest } from './get-flagged-request.ts'
import { getThreatSummary } from './get-threat-summary.ts'
import { inspectContentOperation } from './inspect-content.ts'
import { listActivity } from './list-activity.ts'
import { listRouterKeys } from './list-router-keys.ts'
import { recordActivityOperation } from './record-activity.ts'
import { revokeRouterKey } from './revoke-router-key.ts'
import { watchActivity } from './watch-activity.ts'

export const shroudOperations = {
  inspectContent: inspectContentOperation,
  listActivity,
  watchActivity,
  recordActivity: recordActivityOperation,
  threatSummary: getThreatSummary,
  getFlaggedRequest,
  createRouterKey,
  listRouterKeys,
  revokeRouterKey,
}
