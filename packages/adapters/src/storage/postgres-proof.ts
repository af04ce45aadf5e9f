import { randomInt } from 'node:crypto'
import { StorageUnusable } from '@pawl/core/ports'
import type { Pool, PoolClient } from 'pg'
import { withClient } from './postgres-store.ts'

// Other databases speak the protocol of PostgreSQL and accept advisory locks without locking anything. Two commits would
// then come between each other and no error would say so.

/**
 * Throws unless the server is PostgreSQL and one connection cannot take an advisory lock that another holds.
 *
 * @param pool of at least two connections
 */
export async function proveLocks(pool: Pool, at: string): Promise<void> {
  await withClient(pool, (one) => withClient(pool, (other) => proveWith(one, other, at)))
}

async function proveWith(one: PoolClient, other: PoolClient, at: string): Promise<void> {
  const name = await nameOfServer(one)
  if (name !== 'PostgreSQL') {
    throw new StorageUnusable(`${at} is ${name}, which Pawl does not support. Use PostgreSQL.`)
  }
  // A random number, so that two processes that start together do not disturb each other.
  const number = randomInt(2 ** 47)
  await one.query('BEGIN')
  await other.query('BEGIN')
  const isTaken = await tryLock(one, number)
  const isTakenTwice = await tryLock(other, number)
  await one.query('ROLLBACK')
  await other.query('ROLLBACK')
  if (isTaken && !isTakenTwice) return
  throw new StorageUnusable(`The advisory locks of ${at} do not lock. Connect to PostgreSQL without a proxy between.`)
}

const otherNames = /CockroachDB|YugabyteDB|-YB-|Redshift|Greenplum|CrateDB|QuestDB|Materialize|RisingWave/

async function nameOfServer(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ version: string }>('SELECT version() AS version')
  const version = rows[0]?.version ?? ''
  const [other] = otherNames.exec(version) ?? []
  if (other !== undefined) return other === '-YB-' ? 'YugabyteDB' : other
  return /^[\w.-]{1,40}/.exec(version)?.[0] ?? 'an unknown server'
}

async function tryLock(client: PoolClient, number: number): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1::bigint) AS taken', [
    number,
  ])
  return rows[0]?.taken === true
}
