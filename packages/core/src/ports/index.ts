export type { Bytes } from '../kernel/bytes.ts'
export { concat, equalBytes, frame, hex, utf8, wipe } from '../kernel/bytes.ts'
export type { Clock } from './clock.ts'
export type { Argon2Cost, Crypto } from './crypto.ts'
export type { Egress, EgressRequest, EgressResponse } from './egress.ts'
export { EgressDenied } from './egress.ts'
export type { Attesting, Hsm, HsmFailure, HsmStatus, KeyType, Portable, RotatingRoot, Sealable } from './hsm.ts'
export { HsmError } from './hsm.ts'
export type { Mailer, Message } from './mailer.ts'
export { MailNotConfigured } from './mailer.ts'
export type { Random } from './random.ts'
export type {
  BatchRead,
  Check,
  Delete,
  Exclusive,
  GroupCommit,
  Hit,
  IndexKey,
  Kept,
  Put,
  Range,
  Ref,
  Snapshot,
  Storage,
  Stored,
  Write,
} from './storage.ts'
export { StorageConflict, StorageUnusable } from './storage.ts'
