import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { tagsIn } from '../../packages/testkit/src/canary/index.ts'

const chunkBytes = 4 * 1024 * 1024
/** More than a tag takes in any encoding, so none is cut in two. */
const overlapBytes = 128

/** Where in a file, or in a folder with all that is in it, tagged secrets are. */
export function leaksIn(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isFile()) return leaksInFile(path)
  if (!stat?.isDirectory()) return []
  return filesIn(path).flatMap(leaksInFile)
}

/** All files in a folder, except installed packages: those are many, and no test writes to them. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path)
    return entry.isFile() ? [path] : []
  })
}

function leaksInFile(path: string): string[] {
  const found = new Set<string>()
  const handle = openUnlessGone(path)
  if (handle === null) return []
  try {
    const chunk = Buffer.alloc(chunkBytes)
    for (let at = 0, read = chunkBytes; read === chunkBytes; at += chunkBytes - overlapBytes) {
      read = readSync(handle, chunk, 0, chunkBytes, at)
      for (const how of tagsIn(chunk.subarray(0, read))) found.add(`a secret is ${how} in ${path}`)
    }
  } finally {
    closeSync(handle)
  }
  return [...found]
}

/** A running server may remove its files during the search. */
function openUnlessGone(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
