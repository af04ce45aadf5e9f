import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStorage } from '@pawl/core/ports/reference'
import { compareAtLength } from '@pawl/testkit/conformance'
import { describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { testSeed, times } from '../../../../tools/test-run/index.ts'
import { postgres } from './postgres.ts'
import { sqlite } from './sqlite.ts'

// The suites begin anew for every history. Here one store of each kind lives long, through the same batches as the others.

const batches = times('random batches for each store', { quick: 3_000, whole: 100_000 })
const timeoutMs = 300_000

describe(`${batches} random batches`, () => {
  const find = async (storage: Parameters<typeof compareAtLength>[0], count = batches) => {
    await storage.setup()
    try {
      return await compareAtLength(storage, { seed: testSeed, batches: count })
    } finally {
      await storage.close()
    }
  }

  it(
    'leave SQLite with the answers and the content of the reference',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pawl-differential-'))
      try {
        const { stale, taken, updates } = await find(sqlite({ path: join(folder, 'vault.db') }))
        expect(Math.min(stale, taken, updates)).toBeGreaterThan(batches / 50)
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    timeoutMs,
  )

  // A tenth of them, because each is a journey to the server.
  it.skipIf(!hasPostgres)(
    'leave PostgreSQL with them too',
    async () => {
      await using server = await startPostgres()
      await find(postgres({ url: await server.newDatabase() }), batches / 10)
    },
    timeoutMs,
  )

  it('tell a store apart that is wrong in one of a thousand commits', async () => {
    const memory = memoryStorage()
    let commits = 0
    const forgetful = {
      ...memory,
      commitMany: (all: Parameters<typeof memory.commitMany>[0]) => {
        // One alone may have been of batches that write nothing.
        return ++commits % 1_000 === 0 ? Promise.resolve(all.map(() => null)) : memory.commitMany(all)
      },
    }
    await expect(find(forgetful, 10_000)).rejects.toThrow('but should be')
  })
})
