import { testStorage } from '@pawl/testkit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPgbouncer, hasPostgres, type Postgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { postgres } from './postgres.ts'

describe.skipIf(!hasPostgres)('a server of PostgreSQL', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  testStorage(
    'postgres',
    async () => {
      const url = await server.newDatabase()
      const open = () => postgres({ url })
      return { storage: open(), again: open }
    },
    { describe, it },
    { lacks: { exclusive: 'any number of processes may use it' } },
  )
})
