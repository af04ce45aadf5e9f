import { readFileSync } from 'node:fs'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import type { HsmStatus } from '../../ports/hsm.ts'
import { version } from './version.ts'

// Goal: probes get the truth, and nothing else. Method: parts that fail on purpose, and anybody who asks.

const anybody = {}

async function worldWith(status: HsmStatus) {
  let shown: HsmStatus = 'ok'
  const world = await testPawl({ hsm: { ...memoryHsm(), status: async () => shown } })
  shown = status
  return world
}

describe('health', () => {
  it('is healthy for anybody, with the version of the package (core.md 14)', async () => {
    const { version: packaged } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    expect(version).toBe(packaged)
    await using world = await testPawl()
    const answer = { status: 'healthy', service: 'pawl', version: packaged }
    expect(await world.pawl.as(anybody).health.get({})).toEqual(answer)
    expect(await world.pawl.as('not a token').health.get({})).toEqual(answer)
    expect(await world.owner.health.get({})).toEqual(answer)
  })

  it.each([
    ['ok', 'healthy', 'ok', true],
    ['degraded', 'degraded', 'degraded', true],
    ['sealed', 'degraded', 'unavailable', true],
    ['unavailable', 'degraded', 'unavailable', false],
  ] as const)('of keys that are %s is %s, and %s for the key store', async (given, whole, keys, connected) => {
    await using world = await worldWith(given)
    expect(await world.pawl.as(anybody).health.get({})).toMatchObject({ status: whole })
    expect(await world.pawl.as(anybody).health.hsm({})).toEqual({ status: keys, hsm_provider: 'memory', connected })
  })

  it('is degraded when the store cannot be read', async () => {
    const storage = memoryStorage()
    let isBroken = false
    const scan: typeof storage.scan = async (range) => {
      if (isBroken) throw new Error('disk on fire')
      return storage.scan(range)
    }
    const world = await testPawl({ storage: { ...storage, scan } })
    isBroken = true
    expect(await world.pawl.as(anybody).health.get({})).toMatchObject({ status: 'degraded' })
  })

  it('is degraded while the store refuses writes, until it takes one again (N5)', async () => {
    const storage = memoryStorage()
    let isFull = false
    const commitMany: typeof storage.commitMany = async (batches) => {
      if (isFull) throw new Error('disk full')
      return storage.commitMany(batches)
    }
    await using world = await testPawl({ storage: { ...storage, commitMany } })
    const status = async () => (await world.pawl.as(anybody).health.get({})).status
    isFull = true
    expect(await status()).toBe('healthy')
    await expect(world.owner.vaults.create({ name: 'prod' })).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await status()).toBe('degraded')
    isFull = false
    expect(await status()).toBe('healthy')
  })

  it('leaves no event in the audit trail', async () => {
    await using world = await testPawl()
    await world.owner.health.get({})
    await world.owner.health.hsm({})
    expect(await world.owner.audit.events({})).toMatchObject({ count: 0 })
  })
})
