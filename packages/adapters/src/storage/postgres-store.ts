import type { Socket } from 'node:net'
import type { Pool, PoolClient } from 'pg'

// How the parts of the PostgreSQL store talk to it.

export interface Store {
  readonly pool: Pool
  /** The quoted name. */
  readonly schema: string
  readonly limits: string
}

/** A connection that saw an error is not used again: it may be cut, or be one to a server that is no longer the primary. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Runs one statement in its own transaction. BEGIN, the statement and COMMIT are sent together: in one write to the socket. */
export async function transact<R extends readonly unknown[]>(
  { pool, limits }: Store,
  mode: string,
  text: string,
  values: unknown[],
): Promise<R[]> {
  return withClient(pool, async (client) => {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    const answers = await Promise.allSettled(
      inOneWrite(stream, () => [
        client.query(`BEGIN ${mode}; ${limits}`),
        rowsOf<R>(client, text, values),
        client.query('COMMIT'),
      ]),
    )
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
    return (answers[1] as PromiseFulfilledResult<R[]>).value
  })
}

function inOneWrite<T>(stream: Socket, send: () => T): T {
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

/** Rows as arrays: cheaper to build than objects. */
export async function rowsOf<R extends readonly unknown[]>(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const { rows } = await client.query({ text, values, rowMode: 'array' })
  return rows as unknown[] as R[]
}

/** The driver gives a Buffer, and small ones share memory; as plain bytes, `slice` copies, which a caller expects. */
export function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
