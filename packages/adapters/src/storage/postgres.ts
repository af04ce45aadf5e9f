import {
  type GroupCommit,
  type Snapshot,
  type Storage,
  StorageConflict,
  StorageUnusable,
  type Write,
} from '@pawl/core/ports'
import { commitMany } from './postgres-commits.ts'
import { codeOf, explain, nameOf, newPool } from './postgres-connection.ts'
import { proveLocks } from './postgres-proof.ts'
import { get, scan, snapshot } from './postgres-reads.ts'
import { needRights } from './postgres-rights.ts'
import { type Store, withClient } from './postgres-store.ts'
import { makeTables, quoteIdentifier } from './postgres-tables.ts'

export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database`. Without a password, PGPASSWORD or the file PGPASSFILE has it. Any
   * host but this machine must show a certificate for its name; `sslmode=disable` lets it not, and `sslrootcert`,
   * `sslcert` and `sslkey` are files. Other parameters are refused.
   */
  readonly url: string
  /** The schema of the tables: letters, digits and _. Created if it is missing. Default: `pawl`. */
  readonly schema?: string
  /** The maximum number of connections. Default: 10. A commit or a read takes one while it runs. */
  readonly poolMax?: number
  /** The timeout of a statement, including its wait for locks. Default: 30 seconds. */
  readonly statementTimeoutMs?: number
}

/**
 * A database of PostgreSQL, for any number of processes at a time. A commit is one transaction and one round trip,
 * for any number of batches, and a read is one of each too. There is no session state, so a pooler in transaction mode
 * works in between.
 *
 * @example
 * const storage = postgres({ url: 'postgres://pawl@db.example.com/pawl' })
 * await storage.setup()
 */
export function postgres(options: PostgresOptions): Storage & GroupCommit & Snapshot {
  const settings = { ...defaults, ...options }
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(settings.schema)) {
    throw new TypeError('schema must have at most 63 letters, digits and _, and must not begin with a digit.')
  }
  const at = nameOf(settings.url)
  let store: Store | null = null

  async function use<T>(work: (store: Store) => Promise<T>): Promise<T> {
    if (!store) throw new StorageUnusable(`${at} is not open. Call setup() first.`)
    return work(store).catch((error: unknown) => {
      throw error instanceof StorageConflict ? error : explain(error, at)
    })
  }
  const commit = (batches: readonly (readonly Write[])[]) =>
    use((opened) =>
      commitMany(opened, batches).catch(async (error: unknown) => {
        if (codeOf(error) === '42501')
          await withClient(opened.pool, (client) => needRights(client, settings.schema, 'write'))
        throw error
      }),
    )

  return {
    setup: async () => {
      store ??= await openStore(settings).catch((error: unknown) => {
        throw explain(error, at)
      })
    },
    get: (refs) => use((opened) => get(opened, refs)),
    scan: (range) => use((opened) => scan(opened, range)),
    commit: async (writes) => {
      const [conflict] = await commit([writes])
      if (conflict) throw conflict
    },
    commitMany: commit,
    snapshot: async function* () {
      const opened = await use(async (opened) => opened)
      try {
        yield* snapshot(opened)
      } catch (error) {
        throw explain(error, at)
      }
    },
    close: async () => {
      const { pool } = store ?? {}
      store = null
      await pool?.end()
    },
  }
}

const defaults = { schema: 'pawl', poolMax: 10, statementTimeoutMs: 30_000 }

/** Uses separate connections, because the pool may have only one. */
async function proveServer(settings: Required<PostgresOptions>): Promise<void> {
  const pool = await newPool({ ...settings, poolMax: 2 })
  try {
    await proveLocks(pool, nameOf(settings.url))
  } finally {
    await pool.end()
  }
}

async function openStore(settings: Required<PostgresOptions>): Promise<Store> {
  await proveServer(settings)
  const pool = await newPool(settings)
  const { schema, statementTimeoutMs } = settings
  const limits = `SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL lock_timeout = ${statementTimeoutMs}`
  try {
    await withClient(pool, (client) => makeTables(client, schema, limits))
  } catch (error) {
    await pool.end()
    throw error
  }
  return { pool, schema: quoteIdentifier(schema), limits }
}
