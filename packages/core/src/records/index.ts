export {
  type AuditBlock,
  type BlockParts,
  blockKind,
  eventHash,
  eventId,
  eventsOf,
  isAuthentic,
  newBlock,
} from './block.ts'
export { openBody, TamperedRecord } from './codec.ts'
export type { OrgBlock } from './committer.ts'
export { dropAll, endAll } from './drop.ts'
export type { AuditDraft, AuditEvent } from './events.ts'
export { type KeyedMutex, keyedMutex } from './keyed-mutex.ts'
export { type AnyKind, type Kind, kind, type Recorded } from './kind.ts'
export { headId, type LaneHead, laneKind, laneMonthKind } from './lane.ts'
export { listVersionKind } from './list-version.ts'
export { meteredIn } from './metered.ts'
export { News } from './news.ts'
export { withBytes } from './packing.ts'
export type { MaybePromise, PageOptions } from './reader.ts'
export { type Reading, readingFrom } from './reading.ts'
export { openRecords, type Records } from './records.ts'
export { StaleUnit } from './run-unit.ts'
export { sealedRecords } from './sealed.ts'
export type { Reads, Unit } from './unit.ts'
export { walk } from './walk.ts'
