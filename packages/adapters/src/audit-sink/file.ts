import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AuditEventShown, AuditSink } from '@pawl/core/ports'

export interface FileAuditSinkOptions {
  /** The file. It is created when it is missing, for its owner alone. Only one process may write to it. */
  readonly path: string
}

/**
 * Appends audit events to a file, one line of JSON per event, and syncs the file before it acknowledges them. After a crash,
 * some events can stand in the file twice, with the same `id`.
 *
 * Move the file away to rotate it, and restart the server.
 *
 * @example
 * const auditSink = fileAuditSink({ path: '/var/log/pawl/audit.jsonl' })
 */
export function fileAuditSink({ path }: FileAuditSinkOptions): AuditSink & AsyncDisposable {
  let file: FileHandle | null = null
  // Lanes are delivered at the same time, but their lines must not mix.
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    last = last.catch(() => {}).then(work)
    return last
  }

  const close = async () => {
    const opened = file
    file = null
    await opened?.close()
  }

  return {
    deliver: (events) =>
      inTurn(async () => {
        try {
          file ??= await openWhole(path)
          await file.appendFile(linesOf(events))
          await file.sync()
        } catch (error) {
          // A part may have been written. The next delivery opens the file again and cuts that part off.
          await close()
          throw error
        }
      }),
    [Symbol.asyncDispose]: () => inTurn(close),
  }
}

export function linesOf(events: readonly AuditEventShown[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

/** Cuts off a last line that was never finished. Its event was not acknowledged, so it comes again. */
async function openWhole(path: string): Promise<FileHandle> {
  const file = await open(path, 'a+', 0o600)
  try {
    await file.truncate(await endOfLines(file))
    await syncFolder(dirname(path))
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

const pieceBytes = 64 * 1024

/** Where the last finished line ends, read from the end. */
async function endOfLines(file: FileHandle): Promise<number> {
  const piece = Buffer.alloc(pieceBytes)
  let { size: end } = await file.stat()
  while (end > 0) {
    const start = Math.max(0, end - pieceBytes)
    const { bytesRead } = await file.read(piece, 0, end - start, start)
    const found = piece.subarray(0, bytesRead).lastIndexOf('\n')
    if (found !== -1) return start + found + 1
    end = start
  }
  return 0
}

/** A new file is durable when its folder is. Windows cannot sync a folder, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
