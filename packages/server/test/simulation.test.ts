import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { memoryStorage } from '@pawl/core/ports/reference'
import { type SimulationOptions, simulate } from '@pawl/testkit/simulation'
import { expect, test } from 'vitest'
import { testSeed, times } from '../../../tools/test-run/index.ts'

// Many lives of many engines. With the seed of a failure as PAWL_TEST_SEED, that one comes first.

const histories = times('histories of each simulation', { quick: 5, whole: 100 })
const timeoutMs = 300_000
const crypto = nodeCrypto()

const seeds = Array.from({ length: histories }, (_, at) => String(testSeed + at))

async function run(options: Omit<SimulationOptions, 'seed' | 'crypto'>): Promise<void> {
  let turns = 0
  for (const seed of seeds) turns += (await simulate({ seed, crypto, ...options })).turns
  expect(turns).toBeGreaterThan(seeds.length * 100)
}

test(
  'one engine on a store of its own keeps its promises, whatever fails and however often it dies',
  () => run({}),
  timeoutMs,
)

test(
  'three engines on one store keep them together',
  async () => {
    const open = () => {
      const { exclusive: _, ...shared } = memoryStorage()
      return { storage: shared }
    }
    await run({ open, engines: 3 })
  },
  timeoutMs,
)

test(
  'so does an engine on SQLite',
  async () => {
    const open = () => {
      const folder = mkdtempSync(join(tmpdir(), 'pawl-simulation-'))
      const again = () => sqlite({ path: join(folder, 'vault.db') })
      return { storage: again(), again, destroy: () => rmSync(folder, { recursive: true }) }
    }
    await run({ open })
  },
  timeoutMs,
)
