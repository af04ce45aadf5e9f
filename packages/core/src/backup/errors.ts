/** The backup is damaged or was modified. The message is for the operator. Reading stops at the first problem. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable'
}

/** The copy differs from its source. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers'
}
