import { createRequire } from 'node:module'
import { StorageUnusable } from '@pawl/core/ports'
import type Database from 'better-sqlite3'

// better-sqlite3 13 contains its binaries, and crashes Node 20 when it is loaded. better-sqlite3 12 is compiled for one
// Node, and aborts Node 22 and newer when a statement is garbage-collected. Each Node gets the one that works.

type Driver = typeof Database

const requireFromHere = createRequire(import.meta.url)
const nodeMajor = Number.parseInt(process.versions.node, 10)
let driver: Driver | undefined

/** The constructor of better-sqlite3, loaded at the first call. Throws `StorageUnusable` with the command that installs it. */
export function sqliteDriver(): Driver {
  driver ??= nodeMajor < 22 ? driverOfNode20() : driverOfNode22()
  return driver
}

function driverOfNode20(): Driver {
  try {
    return requireFromHere('@pawl/sqlite-node20')
  } catch (error) {
    const remedy = 'Use Node 22 or newer, or run: npm install @pawl/sqlite-node20'
    const compiler = 'If it cannot download a binary, it needs g++, make and python3 to compile.'
    throw new StorageUnusable(`The SQLite driver for Node 20 ${stateOf(error)}. ${remedy}. ${compiler}`)
  }
}

function driverOfNode22(): Driver {
  const remedy = 'Run: npm install better-sqlite3@13'
  try {
    const { version } = requireFromHere('better-sqlite3/package.json')
    if (Number.parseInt(version, 10) >= 13) return requireFromHere('better-sqlite3')
  } catch (error) {
    throw new StorageUnusable(`The package better-sqlite3 ${stateOf(error)}. ${remedy}`)
  }
  throw new StorageUnusable(`better-sqlite3 12 crashes Node 22 and newer. ${remedy}`)
}

function stateOf(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
  return isMissing ? 'is not installed' : 'cannot be loaded'
}
