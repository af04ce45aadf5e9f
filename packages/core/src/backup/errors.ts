/** A backup is not what it should be. The message is for the operator; nothing of the backup was trusted after that. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable'
}

/** What was copied is not what it was copied from. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers'
}
