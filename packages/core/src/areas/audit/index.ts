export { type Checkpoint, checkpointChore, checkpointKind } from './checkpoints.ts'
export { rotateSigningKey } from './signing-keys.ts'
export { type AuditVerifier, type AuditVerifierOptions, openAuditVerifier } from './verifier.ts'
export type { LaneReport } from './verify-lane.ts'
