import { afterAll, beforeAll } from 'vitest'
import { type Postgres, startPostgres } from './postgres.ts'

const timeoutMs = 60_000

/**
 * Starts a PostgreSQL server for the tests of a `describe`. Returns the options of one store after another: each has a schema of its
 * own.
 *
 * @example
 * describe.skipIf(!hasPostgres)('…', () => {
 *   const next = postgresSchemas()
 *   test('…', async () => use(postgres(next())))
 * })
 */
export function postgresSchemas() {
  let server: Postgres
  let url: string
  let schemas = 0
  beforeAll(async () => {
    server = await startPostgres()
    url = await server.newDatabase()
  }, timeoutMs)
  afterAll(() => server?.[Symbol.asyncDispose](), timeoutMs)
  return () => ({ url, schema: `s${schemas++}`, poolMax: 3 })
}
