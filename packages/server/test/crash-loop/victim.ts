import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { readConfig, start } from '../../src/host/index.ts'

// A whole server, on SQLite and the software HSM in the folder that is its first argument, as verbose as it can be. It
// says one line of JSON when it serves. Its second argument may be `hasty`: then it acknowledges what it does not commit.

const [folder, manner] = process.argv.slice(2)
const becomeHasty = manner === 'hasty' ? putOffCommits() : () => {}

const started = await start(
  readConfig({
    PAWL_DATA_DIR: folder,
    PAWL_PORT: '0',
    PAWL_OWNER_PASSWORD: process.env.OWNER_PASSWORD,
    PAWL_RATE_LIMITS: 'off',
    PAWL_LOG_LEVEL: 'info',
  }),
)
becomeHasty()
process.on('SIGTERM', () => void started.stop())
// What the last one left undone is not waited for: the next calls come while it is being done.
void started.pawl.runJobs()
process.stdout.write(`${JSON.stringify({ serves: Number(new URL(started.url).port) })}\n`)

/** From when it is called, the log of commits of SQLite gets nothing. */
function putOffCommits(): () => void {
  const { writeSync } = fs
  let isHasty = false
  const write = (file: number, bytes: Uint8Array, ...at: [number, number, number]) =>
    // Only the log is written at a position.
    isHasty && at.length === 3 ? bytes.length - at[0] : writeSync(file, bytes, ...at)
  fs.writeSync = write as typeof writeSync
  syncBuiltinESMExports()
  return () => {
    isHasty = true
  }
}
