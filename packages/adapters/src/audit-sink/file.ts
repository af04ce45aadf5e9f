import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AuditEventShown, AuditSink } from '@pawl/core/ports'

export interface FileAuditSinkOptions {
  /** The file. If it is missing, it is created, and only its owner may read it. Only one process may write to it. */
  readonly path: string
}

/**
 * Appends audit events to a file, one line of JSON per event, and syncs the file before it acknowledges them. After a crash,
 * the file can contain some events twice, with the same `id`. The file can be moved away at any time. The next events
 * go to a new one.
 *
 * @example
 * const auditSink = fileAuditSink({ path: '/var/log/pawl/audit.jsonl' })
 */
export function fileAuditSink({ path }: FileAuditSinkOptions): AuditSink {
  // Lanes are delivered at the same time, but their lines must not mix.
  let last: Promise<void> = Promise.resolve()
  return {
    deliver: (events) => {
      last = last.catch(() => {}).then(() => append(path, events))
      return last
    },
  }
}

async function append(path: string, events: readonly AuditEventShown[]): Promise<void> {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    const end = await endOfLines(file, size)
    // A line that was never finished was not acknowledged, so its event comes again.
    if (end < size) await file.truncate(end)
    await file.appendFile(linesOf(events))
    await file.sync()
    if (size === 0) await syncFolder(dirname(path))
  } finally {
    await file.close()
  }
}

export function linesOf(events: readonly AuditEventShown[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

const pieceBytes = 64 * 1024

/** Where the last finished line ends, read from the end. */
async function endOfLines(file: FileHandle, size: number): Promise<number> {
  const piece = Buffer.alloc(Math.min(pieceBytes, size))
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - pieceBytes)
    const { bytesRead } = await file.read(piece, 0, end - start, start)
    const found = piece.subarray(0, bytesRead).lastIndexOf('\n')
    if (found !== -1) return start + found + 1
    end = start
  }
  return 0
}

/** A new file is durable only after a sync of its folder. Windows cannot sync a folder, and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
