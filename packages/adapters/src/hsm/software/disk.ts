import type { Stats } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HsmError } from '@pawl/core/ports'

/** Makes the folder of a file, for its owner alone. */
export async function makeFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
}

/** A user who can write to the folder can replace our file. A user who can list the folder learns that the file exists. */
export async function refuseOpenFolder(path: string): Promise<void> {
  refuseOpenToOthers(await stat(dirname(path)), dirname(path), '700')
}

export function refuseOpenToOthers(stats: Stats, path: string, mode: '600' | '700'): void {
  // Windows has no such bits; Node makes them up.
  if (process.platform === 'win32' || (stats.mode & 0o077) === 0) return
  throw new HsmError('unavailable', `Other users of this machine can access ${path}. Run: chmod ${mode} '${path}'`)
}

/** Opens a file that only this user can access, and reads it; null if there is none. */
export async function openOwn(path: string): Promise<{ handle: FileHandle; image: Uint8Array } | null> {
  const handle = await open(path, 'r+').catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (!handle) return null
  try {
    refuseOpenToOthers(await handle.stat(), path, '600')
    return { handle, image: new Uint8Array(await handle.readFile()) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The disk may hold the old content or the new content. */
export class UncertainError extends Error {
  override readonly name = 'UncertainError'
}

/**
 * Replaces or creates a file atomically. After a crash there is the whole old file or the whole new one. After the promise
 * resolves, it is the new one, which is returned open. After a rejection, it is the old one, except for `UncertainError`.
 */
export async function replaceFile(path: string, image: Uint8Array): Promise<FileHandle> {
  const draft = draftOf(path)
  await rm(draft, { force: true })
  const handle = await open(draft, 'wx+', 0o600)
  try {
    await writeAt(handle, image, 0)
    await handle.sync()
    await rename(draft, path)
    await syncFolderOf(path).catch(doubt)
    return handle
  } catch (error) {
    await handle.close()
    await rm(draft, { force: true })
    throw error
  }
}

/** Creates a file atomically and durably. False if a file of that name exists, which stays unchanged. */
export async function makeNew(path: string, image: Uint8Array): Promise<boolean> {
  const draft = draftOf(path)
  await rm(draft, { force: true })
  try {
    await writeFile(draft, image, { flag: 'wx', mode: 0o600, flush: true })
    await link(draft, path)
    await syncFolderOf(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Adds to the end of a file, durable when the promise resolves. Promises the same as `replaceFile` when it rejects. */
export async function append(handle: FileHandle, image: Uint8Array, length: number): Promise<void> {
  try {
    await writeAt(handle, image, length)
    await handle.datasync()
  } catch (error) {
    await cut(handle, length).catch(doubt)
    throw error
  }
}

export async function cut(handle: FileHandle, length: number): Promise<void> {
  await handle.truncate(length)
  await handle.sync()
}

function doubt(cause: unknown): never {
  throw new UncertainError('The last change may be lost in a crash.', { cause })
}

/** A draft that a crash left behind holds keys, maybe one that was destroyed since. */
export async function removeDraft(path: string): Promise<void> {
  await rm(draftOf(path), { force: true })
}

function draftOf(path: string): string {
  return `${path}.draft`
}

/** Makes a rename durable. Windows cannot open a folder, and does not need this. */
export async function syncFolderOf(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    if (bytesWritten === 0) throw new Error('nothing was written')
    done += bytesWritten
  }
}

/** Whether the path still names the file that is open here, at the length we left it. */
export async function isUnchanged(handle: FileHandle, path: string, length: number): Promise<boolean> {
  const [ours, named] = await Promise.all([handle.stat(), stat(path).catch(() => null)])
  return named !== null && named.ino === ours.ino && named.dev === ours.dev && named.size === length
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
