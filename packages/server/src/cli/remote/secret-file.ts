import { randomUUID } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { UsageError } from '../terminal.ts'

/** Writes a file that only its owner may read, atomically. It overwrites a file only with `isForced`. */
export function writeSecretFile(path: string, text: string, isForced: boolean): void {
  if (!isForced && existsSync(path)) throw new UsageError(`${path} already exists. Use --force to overwrite it`)
  const draft = `${path}.${randomUUID()}`
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
    renameSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}
