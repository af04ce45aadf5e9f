import { sqliteDriver } from '../../../adapters/src/storage/sqlite-driver.ts'
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

interface Database {
  readonly inTransaction: boolean
  prepare(sql: string): { run(...values: unknown[]): unknown }
}

/** From when it is told, SQLite begins one transaction and never ends it. */
function putOffCommits(): () => void {
  const driver: { prototype: Database } = sqliteDriver()
  const { prepare } = driver.prototype
  let isHasty = false
  driver.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql)
    const isPutOff = () => isHasty && (sql === 'COMMIT' || (sql === 'BEGIN IMMEDIATE' && this.inTransaction))
    if (!/^(COMMIT|BEGIN)/.test(sql)) return statement
    return { run: () => (isPutOff() ? null : statement.run()) }
  }
  return () => {
    isHasty = true
  }
}
