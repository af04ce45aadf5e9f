import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isLong } from '../test-run/index.ts'
import { hasPart, programAt } from './index.ts'

// Servers of PostgreSQL that live as long as a test: each in a folder of its own, on a port of 127.0.0.1, and gone with
// the process that started it, however that one ends.

const programs = '/usr/lib/postgresql/15/bin'
const initdb = programAt('initdb', programs)
const pgbouncer = programAt('pgbouncer', '/usr/sbin')

export const isPostgresInstalled = initdb !== null

/** For tests: those of real databases take long. */
export const hasPostgres =
  isLong('real databases (PostgreSQL)') && hasPart('PostgreSQL', 'apt-get install postgresql-15', isPostgresInstalled)
export const hasPgbouncer = hasPostgres && hasPart('PgBouncer', 'apt-get install pgbouncer', pgbouncer !== null)

export interface PostgresOptions {
  /** On, as a server has it that means to keep things. Off, the default here, is faster. */
  readonly fsync?: boolean
  readonly settings?: Readonly<Record<string, string>>
  /** Written beside the data folder, for the server alone, before it starts. */
  readonly files?: Readonly<Record<string, string>>
}

export interface Postgres extends AsyncDisposable {
  /** Everything of the server, and owned by whom it runs as. */
  readonly folder: string
  readonly port: number
  /** A new and empty database of the role `pawl`, whose URL it is. What is given ends its CREATE DATABASE. */
  newDatabase(more?: string): Promise<string>
  /** Runs SQL as the superuser, and answers what psql prints. */
  sql(url: string, text: string): Promise<string>
  /** A pooler in transaction mode; answers how a URL is called through it. */
  startPgbouncer(): Promise<(url: string) => string>
  /** Ends all processes of the server as a power cut would. */
  kill(): Promise<void>
  start(): Promise<void>
}

/**
 * Starts a server.
 *
 * @example
 * await using server = await startPostgres()
 * const storage = postgres({ url: await server.newDatabase() })
 */
export async function startPostgres({ fsync = false, settings, files }: PostgresOptions = {}): Promise<Postgres> {
  const server = newFolder()
  const { folder, owner, password } = server
  const data = join(folder, 'data')
  for (const [name, text] of Object.entries({ ...files, password })) writeFor(owner, join(folder, name), text)
  const makeData = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  await promisify(execFile)(join(programs, 'initdb'), [...makeData, '--pwfile', join(folder, 'password')], owner)

  const port = await freePort()
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, port: `${port}`, ...settings }
  const flags = Object.entries({ ...all, fsync: fsync ? 'on' : 'off' }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  let running: Running
  const start = async () => {
    running = server.run(join(programs, 'postgres'), ['-D', data, ...flags])
    await ready(port)
  }
  await start()

  const sql = (url: string, text: string) => psql(port, password, new URL(url).pathname.slice(1), text)
  const root = `postgres://127.0.0.1:${port}/postgres`
  await sql(root, `CREATE ROLE pawl LOGIN PASSWORD '${password}'`)
  return {
    folder,
    port,
    sql,
    newDatabase: async (more = '') => {
      const name = `pawl_${randomBytes(6).toString('hex')}`
      await sql(root, `CREATE DATABASE ${name} OWNER pawl ${more}`)
      return `postgres://pawl:${password}@127.0.0.1:${port}/${name}`
    },
    startPgbouncer: () => startPgbouncer(server, port),
    kill: () => running.kill(),
    start,
    [Symbol.asyncDispose]: server.destroy,
  }
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

interface Running {
  kill(): Promise<void>
}

type Folder = ReturnType<typeof newFolder>

/** A folder, and the processes that work in it. A keeper ends them and removes it when it can no longer hear us. */
function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-postgres-'))
  const owner = otherThanRoot()
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const pids = join(folder, 'pids')
  writeFor(owner, pids, '')
  // A process whose parent does not wait for it stays in the list as a zombie.
  const keep = `cat >/dev/null
    for pid in $(cat "$1/pids"); do
      kill -QUIT "$pid"
      while [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status"; do sleep 0.05; done
    done 2>/dev/null
    rm -rf "$1"`
  const keeper = spawn('sh', ['-c', keep, 'keeper', folder], {
    ...owner,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = new Promise<void>((resolve) => keeper.once('close', () => resolve()))
  keeper.unref()

  function run(program: string, args: readonly string[]): Running {
    const log = openSync(join(folder, 'log'), 'a')
    const child = spawn(program, args, { ...owner, cwd: folder, detached: true, stdio: ['ignore', log, log] })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    writeFor(owner, pids, `${child.pid}\n`, 'a')
    child.unref()
    return {
      kill: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }

  const destroy = async () => {
    keeper.ref()
    keeper.stdin.end()
    await gone
  }
  return { folder, owner, password: randomBytes(12).toString('hex'), run, destroy }
}

/** Servers refuse to run as root, so then they run as the user that their package made. */
function otherThanRoot(): Owner {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function writeFor({ uid, gid }: Owner, path: string, text: string, flag = 'w'): void {
  writeFileSync(path, text, { mode: 0o600, flag })
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

async function startPgbouncer({ folder, owner, password, run }: Folder, serverPort: number) {
  const port = await freePort()
  writeFor(owner, join(folder, 'users'), `"pawl" "${password}"\n`)
  const pooling = 'pool_mode = transaction\ndefault_pool_size = 4\nmax_client_conn = 200'
  const settings = `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = scram-sha-256\n${pooling}`
  const file = `[databases]\n* = host=127.0.0.1 port=${serverPort}\n[pgbouncer]\nauth_file = ${folder}/users\n${settings}\n`
  writeFor(owner, join(folder, 'pgbouncer.ini'), file)
  run(pgbouncer ?? '', [join(folder, 'pgbouncer.ini')])
  await ready(port)
  return (url: string) => Object.assign(new URL(url), { port }).href
}

async function psql(port: number, password: string, database: string, text: string): Promise<string> {
  const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres']
  const env = { PATH: process.env.PATH, PGPASSWORD: password }
  const { stdout } = await promisify(execFile)(join(programs, 'psql'), [...args, '-d', database, '-c', text], { env })
  return stdout.trim()
}

/** Waits until the server accepts connections. A server in recovery does not accept them yet. */
async function ready(port: number): Promise<void> {
  const ask = () => promisify(execFile)(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', `${port}`])
  for (let tries = 0; tries < 600; tries++) {
    const isReady = await ask().then(
      () => true,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the server on port ${port} did not start`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(address)))
    })
  })
}
