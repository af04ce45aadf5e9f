// Tools for a stopped vault: examine it, move its keys, verify its audit trail.

export {
  type AuditVerifier,
  type AuditVerifierOptions,
  type LaneReport,
  openAuditVerifier,
  type SegmentHead,
  type SegmentReport,
  segmentHead,
  verifySegmentFile,
} from '../areas/audit/index.ts'
export { type ExamineOptions, examine, type Facts } from './examine.ts'
export { type MoveKeysOptions, moveKeys } from './move-keys.ts'
