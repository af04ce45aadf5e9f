import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

// Loaded before a command: it is killed, as by a power cut, right after so many commits to its database.

let left = Number(process.env.COMMITS)
const load = createRequire(new URL('../../../adapters/package.json', import.meta.url))

function committed() {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
}

// A commit is one sync of the log of commits. If the log has no room, it is a commit of SQLite.
const { fdatasync, fdatasyncSync } = fs
fs.fdatasync = (file, done) =>
  fdatasync(file, (error) => {
    committed()
    done(error)
  })
fs.fdatasyncSync = (file) => {
  fdatasyncSync(file)
  committed()
}
syncBuiltinESMExports()

// The same that storage/sqlite-driver.ts takes: the other one crashes this Node.
const sqlite = load(Number.parseInt(process.versions.node, 10) < 22 ? '@pawl/sqlite-node20' : 'better-sqlite3')
const { prepare } = sqlite.prototype
sqlite.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql)
  if (sql !== 'COMMIT') return statement
  return {
    run: () => {
      const done = statement.run()
      committed()
      return done
    },
  }
}

const { Client } = load('pg')
const { query } = Client.prototype
Client.prototype.query = function (...given) {
  const answer = query.apply(this, given)
  if (given[0] === 'COMMIT') answer.then(committed, () => {})
  return answer
}
