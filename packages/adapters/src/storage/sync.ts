import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs'

/** Makes new names in the folder durable. Windows cannot sync a folder, and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Returns when all bytes that were written to the file are on the disk. */
export function syncFile(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fdatasyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
