import { readFileSync } from 'node:fs'
import { isThisMachine, StorageUnusable } from '@pawl/core/ports'
import type { Pool, PoolConfig } from 'pg'
import { passwordInFile } from './postgres-password.ts'

// How the PostgreSQL store reaches its server, and what its errors mean for the operator. Nothing here repeats a
// password, and no error of the driver leaves as it came: it may hold the connection that it happened on.

/** How long a connection may take. A server that is there answers at once; one that fails over takes longer. */
const connectMsMax = 10_000

/** The driver gives up a statement this long after the timeout at which the server should have ended it. */
const graceMs = 5_000

export interface ConnectionOptions {
  readonly url: string
  readonly poolMax: number
  readonly statementTimeoutMs: number
}

/**
 * Opens no connection yet. The pool drops an idle connection that is cut. The driver is loaded here, so a program that
 * imports this adapter and uses another store needs no driver.
 */
export async function newPool({ url, poolMax, statementTimeoutMs }: ConnectionOptions): Promise<Pool> {
  const { default: pg } = await import('pg').catch(() => {
    throw new StorageUnusable('The PostgreSQL driver is missing. Install the package pg.')
  })
  const place = readUrl(url)
  const { PGPASSWORD, PGPORT, PGUSER, USER = '' } = process.env
  const login = { port: Number(PGPORT ?? 5432), user: PGUSER ?? USER, ...place }
  const pool = new pg.Pool({
    ...(PGPASSWORD === undefined ? { password: () => passwordInFile(login) } : {}),
    ...place,
    max: poolMax,
    application_name: 'pawl',
    connectionTimeoutMillis: connectMsMax,
    query_timeout: statementTimeoutMs + graceMs,
    keepAlive: true,
    enableChannelBinding: true,
    // A transaction is begun, filled and ended in one round trip.
    pipeline: true,
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** `host:port/database` of a URL: what may be shown of it. */
export function nameOf(url: string): string {
  const { host, port, database } = readUrl(url)
  return `${host}:${port ?? 5432}/${database}`
}

interface Place extends PoolConfig {
  readonly host: string
  readonly database: string
}

const parameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey']
const verified = ['verify-full', 'verify-ca', 'require']

/** The parts of `postgres://user:password@host:port/database?sslmode=…`. A socket's folder is a host with its slashes as %2F. */
function readUrl(text: string): Place {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw unfit('must begin with postgres://')
  const database = decodeURIComponent(url.pathname.slice(1))
  if (url.hostname === '' || database === '') throw unfit('must name a host and a database')
  const unknown = [...url.searchParams.keys()].find((name) => !parameters.includes(name))
  if (unknown !== undefined)
    throw unfit(`has an unknown parameter ${unknown}. Known parameters: ${parameters.join(', ')}`)
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')
  return {
    host,
    database,
    ssl: tlsOf(url.searchParams, host),
    ...(url.port ? { port: Number(url.port) } : {}),
    ...(url.username ? { user: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  }
}

/** A server on another machine must show a certificate for its name, except where the URL disables TLS. */
function tlsOf(given: URLSearchParams, host: string): false | object {
  const isHere = host.startsWith('/') || isThisMachine(host)
  const mode = given.get('sslmode') ?? (isHere ? 'disable' : 'verify-full')
  if (mode === 'disable') return false
  if (!verified.includes(mode)) throw unfit('has an sslmode that verifies nothing. Use verify-full or disable')
  const file = (name: string) => {
    const path = given.get(name)
    try {
      return path === null ? undefined : readFileSync(path)
    } catch {
      throw unfit(`has a ${name} whose file cannot be read`)
    }
  }
  return { rejectUnauthorized: true, ca: file('sslrootcert'), cert: file('sslcert'), key: file('sslkey') }
}

function unfit(problem: string): TypeError {
  return new TypeError(`The URL of the PostgreSQL server ${problem}.`)
}

/** What an error of PostgreSQL, of the network or of TLS means for the operator. */
const meanings: readonly (readonly [RegExp, (at: string) => string])[] = [
  [/^(28|SASL)/, (at) => `${at} refuses this user or password. Check both, PGPASSFILE, and pg_hba.conf on the server.`],
  [/^3D000/, (at) => `${at} does not exist. Create the database, or correct its name.`],
  [/^42501/, (at) => `${at}: this role lacks a permission. Grant it the schema, or let it own the database.`],
  [/^53100/, (at) => `The disk of ${at} is full. Nothing was written. Free some space.`],
  [/^53300/, (at) => `${at} has too many connections. Lower the size of the pool, or raise max_connections.`],
  [/^25006/, (at) => `${at} is read-only. Use the primary, or check default_transaction_read_only.`],
  [/^(57014|55P03|Query read)/, (at) => `${at} took too long for a statement. Check its load.`],
  [
    /^(ERR_TLS|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_)/,
    (at) =>
      `The certificate of ${at} cannot be verified. Set sslrootcert to its CA, and use the host name in the certificate.`,
  ],
  [
    /^EPROTO|does not support SSL/,
    (at) => `${at} does not support TLS. Enable TLS on the server, or set sslmode=disable.`,
  ],
  [
    /^(08|57P|58|E[A-Z]+$)|onnection|timeout/,
    (at) => `${at} cannot be reached. Check that it runs, its address, and the network between.`,
  ],
]

/** An error that an operator can act on. An unknown error keeps its code, and the log of the server has more. */
export function explain(error: unknown, at: string): Error {
  if (error instanceof StorageUnusable || error instanceof TypeError) return error
  const code = codeOf(error)
  const words = code || (error instanceof Error ? error.message : '')
  const meaning = meanings.find(([pattern]) => pattern.test(words))
  if (meaning) return new StorageUnusable(meaning[1](at))
  return new Error(`PostgreSQL refused a statement with the error ${code || 'of no code'}. See its log.`)
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** The connection ended before the answer came, or there was none. */
export function isCut(error: unknown): boolean {
  const code = codeOf(error)
  return /^(08|57P|E[A-Z]+$)/.test(code) || (code === '' && error instanceof Error && /onnection/.test(error.message))
}
