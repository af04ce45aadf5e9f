export {
  type AuditVerifier,
  type AuditVerifierOptions,
  type LaneReport,
  openAuditVerifier,
} from './areas/audit/index.ts'
export {
  type Ceremony,
  type CeremonyOptions,
  type Collected,
  type NewShares,
  openCeremony,
  shareRefused,
} from './areas/seal/index.ts'
export type { Checked } from './check-copy.ts'
export { createPawl, originOf, type Pawl, type PawlOptions, type Who } from './create.ts'
export { joinShares, parseShare, type Share } from './crypto/shares.ts'
export { type ExamineOptions, examine, type Facts } from './examine.ts'
export {
  checkRestorable,
  type MigrateOptions,
  migrate,
  type Progress,
  type RestoreOptions,
  restore,
} from './keep.ts'
export {
  type Backup,
  type BackupOptions,
  type BackupStream,
  BackupUnusable,
  backUp,
  CopyDiffers,
  readBackup,
} from './keeping/index.ts'
export {
  type AnyErrorDefinition,
  defineError,
  type ErrorDefinition,
  type ErrorKind,
  PawlError,
} from './kernel/errors.ts'
export { type Address, cidrContains, formatAddress, parseAddress, parseCidr } from './kernel/ip.ts'
export { Lru } from './kernel/lru.ts'
export type { Schema } from './kernel/schema.ts'
export { Secret } from './kernel/secret.ts'
export { type MoveKeysOptions, moveKeys } from './move-keys.ts'
export {
  type AnyOperation,
  type ClientOf,
  type HttpRoute,
  type Log,
  type Operation,
  type Origin,
  operation,
  operationsOf,
  type Registry,
  type Settings,
} from './operations/index.ts'
export { registry } from './registry.ts'
