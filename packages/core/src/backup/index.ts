export { type Backup, type BackupOptions, type BackupStream, backUp, readBackup } from './backup.ts'
export { BackupUnusable, CopyDiffers } from './errors.ts'
export {
  beginFilling,
  dropOutdated,
  fill,
  finishFilling,
  hasBegun,
  isKeyring,
  type Target,
  withoutKeyring,
} from './fill.ts'
export { RecordSum } from './record-sum.ts'
