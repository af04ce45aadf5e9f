import { resolve } from 'node:path'

/** The paths of the log of SQLite and of the log that `commit-log.ts` describes. */
export function logsOf(path: string): [pages: string, commits: string] {
  const file = resolve(path)
  return [`${file}-wal`, `${file}-commits`]
}
