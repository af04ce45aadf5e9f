import { area } from '../../operations/index.ts'
import { checkpointKind, checkpointTask } from './checkpoints.ts'
import { segmentTask } from './close-segments.ts'
import { deliveryKind, deliveryTask, listeningKind } from './delivery.ts'
import { droppedKind } from './dropped.ts'
import { laneListKind } from './lane-list.ts'
import { auditOperations } from './operations/index.ts'
import { retentionTask } from './retention.ts'
import { searchIndexKind } from './search-index.ts'
import { segmentKind } from './segments.ts'
import { auditKeysKind, rotateSigningKey } from './signing-keys.ts'

export { type Checkpoint, checkpointKind } from './checkpoints.ts'
export { sinkLag } from './delivery.ts'
export { droppedKind } from './dropped.ts'
export { type EventsFound, findEvents, type KeyGroup, type KeysFound, newestByKey } from './find-events.ts'
export { type SegmentHead, type SegmentReport, segmentHead, verifySegmentFile } from './segment-file.ts'
export { type Segment, segmentKind } from './segments.ts'
export { allHeads, blocksFrom, firstSince, headsOf, trailOf } from './trail.ts'
export { type AuditVerifier, type AuditVerifierOptions, openAuditVerifier } from './verifier.ts'
export type { LaneExpected, LaneReport } from './verify-lane.ts'

export const audit = area({
  name: 'audit',
  summary: 'What happened in the organisation, and the proof that no event is missing.',
  operations: auditOperations,
  reports: ['audit.dropped'],
  kinds: [
    auditKeysKind,
    checkpointKind,
    deliveryKind,
    droppedKind,
    laneListKind,
    listeningKind,
    searchIndexKind,
    segmentKind,
  ],
  scheduledTasks: [checkpointTask, segmentTask, deliveryTask, retentionTask],
  rotateKeys: rotateSigningKey,
})
