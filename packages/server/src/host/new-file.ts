import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from './config-error.ts'

/**
 * Writes a stream to a new file that only its owner may read. The file appears under its name only when it is complete and
 * durable. Answers its size.
 */
export async function writeNewFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  if (existsSync(path)) throw taken(path)
  const draft = `${path}.${randomUUID()}.part`
  try {
    const written = await writeDraft(draft, bytes)
    await link(draft, path)
    await syncFolder(dirname(path))
    return written
  } catch (error) {
    throw explained(error, path)
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDraft(draft: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(draft, 'wx', 0o600)
  let written = 0
  try {
    for await (const piece of bytes) {
      await writeAll(file, piece)
      written += piece.length
    }
    await file.sync()
    return written
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at)
    at += bytesWritten
  }
}

/** A new file name is durable only after a sync of its folder. Windows cannot sync a folder, and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

function explained(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EEXIST') return taken(path)
  if (code === 'ENOSPC') return new Error(`The disk of ${path} is full. Nothing was written. Free some space.`)
  const isPath = error instanceof Error && 'path' in error
  return isPath ? new Error(`${path} cannot be written: ${code}. Check the folder and its owner.`) : error
}

function taken(path: string): ConfigError {
  return new ConfigError(`${path} already exists, and Pawl does not overwrite it. Choose another name.`)
}
