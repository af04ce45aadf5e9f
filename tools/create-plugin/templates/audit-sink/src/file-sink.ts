import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AuditEventShown, AuditSink } from '@pawl/core/ports'

export interface FileSinkOptions {
  /** The file, of which one process is the only writer. */
  readonly path: string
}

/** As many events as may come again are known by their ids; more than that are never on their way. */
const rememberedMax = 10_000

/**
 * The audit trail as lines of JSON in a file. An event that comes again is there once.
 *
 * @example
 * const auditSink = fileSink({ path: '/var/log/pawl/audit.jsonl' })
 */
export function fileSink({ path }: FileSinkOptions): AuditSink & AsyncDisposable {
  let opened: Opened | null = null

  async function append(events: readonly AuditEventShown[]): Promise<void> {
    opened ??= await openFile(path)
    const { file, recent } = opened
    const isNew = events.filter(({ id }) => !recent.has(id))
    if (isNew.length === 0) return
    await file.appendFile(isNew.map((event) => `${JSON.stringify(event)}\n`).join(''))
    // Safe is what is on the disk, not what the operating system has in mind.
    await file.sync()
    for (const { id } of isNew) remember(recent, id)
  }

  async function close(): Promise<void> {
    const { file } = opened ?? {}
    opened = null
    await file?.close()
  }

  // One delivery after the other, whichever lanes they are of.
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    last = last.catch(() => {}).then(work)
    return last
  }

  return {
    deliver: (events) =>
      inTurn(async () => {
        try {
          await append(events)
        } catch (error) {
          // Half of it may be there. It is treated as after a crash: the next delivery opens the file anew.
          await close()
          throw error
        }
      }),
    [Symbol.asyncDispose]: () => inTurn(close),
  }
}

interface Opened {
  readonly file: FileHandle
  /** Ids, the oldest first. */
  readonly recent: Set<string>
}

/** Cuts off a line that was never finished: its event was not acknowledged, and comes again. */
async function openFile(path: string): Promise<Opened> {
  const file = await open(path, 'a+', 0o600)
  const recent = new Set<string>()
  try {
    await syncFolder(dirname(path))
    let length = 0
    let rest = Buffer.alloc(0)
    for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
      const text = Buffer.concat([rest, chunk])
      const end = text.lastIndexOf('\n') + 1
      for (const line of text.subarray(0, end).toString().split('\n').slice(0, -1)) remember(recent, idOf(line, path))
      rest = text.subarray(end)
      length += end
    }
    await file.truncate(length)
    return { file, recent }
  } catch (error) {
    await file.close()
    throw error
  }
}

function remember(recent: Set<string>, id: string): void {
  recent.add(id)
  const [oldest] = recent
  if (recent.size > rememberedMax && oldest !== undefined) recent.delete(oldest)
}

function idOf(line: string, path: string): string {
  try {
    return JSON.parse(line).id
  } catch {
    throw new Error(`${path} has a line that is no event. Move the file away; a new one is begun.`)
  }
}

/** A new file is there for good when its folder is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
