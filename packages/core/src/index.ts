export {
  type AuditVerifier,
  type AuditVerifierOptions,
  type LaneReport,
  openAuditVerifier,
} from './areas/audit/index.ts'
export type { OwnRegistry } from './areas/index.ts'
export {
  type Ceremony,
  type CeremonyOptions,
  type Collected,
  type NewShares,
  openCeremony,
  shareRefused,
} from './areas/seal/index.ts'
export type { Checked } from './backup/check-copy.ts'
export {
  checkRestorable,
  type MigrateOptions,
  migrate,
  type Progress,
  type RestoreOptions,
  restore,
} from './backup/copy-vault.ts'
export {
  type Backup,
  type BackupOptions,
  type BackupStream,
  BackupUnusable,
  backUp,
  CopyDiffers,
  readBackup,
} from './backup/index.ts'
export { joinRootShares, parseRootShare, type RootShare } from './crypto/root-shares.ts'
export { clientRoutes } from './engine/client-routes.ts'
export { createPawl, originOf, type Pawl, type PawlOptions, type Who } from './engine/create.ts'
export { registry } from './engine/join-areas.ts'
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
export { type ExamineOptions, examine, type Facts } from './maintenance/examine.ts'
export { type MoveKeysOptions, moveKeys } from './maintenance/move-keys.ts'
export {
  type AnyOperation,
  type Area,
  type ClientOf,
  type CommandLine,
  defaultRates,
  type HttpRoute,
  idempotencyErrors,
  type Log,
  type Operation,
  type Origin,
  operation,
  operationsOf,
  parseInput,
  type RateLimit,
  type Registry,
  rateLimit,
  revealed,
  type Settings,
  type Tool,
  type WithAreas,
} from './operations/index.ts'
