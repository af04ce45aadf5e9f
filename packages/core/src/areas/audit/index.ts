export { type Checkpoint, checkpointChore, checkpointKeyUri, checkpointKind } from './checkpoints.ts'
export { type AuditVerifier, type AuditVerifierOptions, openAuditVerifier } from './verifier.ts'
export type { LaneReport } from './verify-lane.ts'
