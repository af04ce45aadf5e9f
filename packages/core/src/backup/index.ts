// Backup, restore, and migration to another storage.

export { type Backup, type BackupOptions, type BackupStream, backUp, readBackup } from './backup.ts'
export type { Checked } from './check-copy.ts'
export {
  checkRestorable,
  type MigrateOptions,
  migrate,
  type Progress,
  type Restored,
  type RestoreOptions,
  restore,
} from './copy-vault.ts'
export { BackupUnusable, CopyDiffers } from './errors.ts'
