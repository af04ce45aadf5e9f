import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registry } from '@pawl/core'
import { crashEverywhere, invariants } from '@pawl/testkit/faults'
import { simulate } from '@pawl/testkit/simulation'
import { examples, testPawl } from '@pawl/testkit/world'
import { failing } from '@pawl/testkit/wrappers'
import { expect, it } from 'vitest'
import { logStorage } from './log-storage.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-log-'))
  const again = () => logStorage(join(folder, 'vault.log'))
  return { storage: again(), again, destroy: () => rmSync(folder, { recursive: true }) }
}

it('says that it is not available when the disk fails, and works again afterwards', async () => {
  const { storage, destroy } = open()
  let isBroken = false
  const broken = failing(storage, { every: 1, only: ({ method }) => isBroken && method === 'commit' })
  {
    await using world = await testPawl({ storage: broken })
    isBroken = true
    await expect(world.owner.vaults.create({ name: 'prod' })).rejects.toMatchObject({ kind: 'unavailable' })
    isBroken = false
    await world.owner.vaults.create({ name: 'prod' })
  }
  destroy()
})

it('keeps all of a write or nothing, wherever the process dies', async () => {
  const scenario = { name: 'secrets.put', operation: registry.secrets.put, example: examples.secrets.put }
  const isSmall = {
    name: 'a vault with one secret has a small log',
    check: async ({ remains }: Parameters<(typeof invariants)[number]['check']>[0]) => {
      expect(remains.records.size).toBeLessThan(100)
    },
  }
  expect(await crashEverywhere(scenario, { open, invariants: [...invariants, isSmall] })).toBeGreaterThan(0)
})

it('keeps its promises through crashes, failures and a clock that jumps', async () => {
  for (const seed of ['1', '2', '3']) await simulate({ seed, open })
})
