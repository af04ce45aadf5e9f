import { operation } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, worldDefaults } from '@pawl/testkit/world'
import { failingHsm, recordingHsm, slowHsm } from '@pawl/testkit/wrappers'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { internalError } from '../../kernel/errors.ts'
import { limits } from '../../kernel/limits.ts'
import type { Context } from '../../operations/index.ts'
import { vaultNotFound } from './errors.ts'
import { vaultKeysKind } from './records.ts'
import { reserveWrap, rotateKeys } from './rotation.ts'

// Goal: what a rotation of a vault key leaves behind, and what is counted, when it meets a failure or another rotation.
// Method: a whole engine in memory, on an HSM that says which keys it holds or fails when it is told to.

const value = tagged('v')

/** Performs this handler as the owner. */
function performed<T>({ pawl, ownerId }: World, name: string, run: (context: Context) => T): Promise<T> {
  const declared = operation({
    name: `test.${name}`,
    summary: 'Run a part of a test in a unit.',
    effect: 'write',
    access: { signedIn: ['user'] },
    audit: 'none',
    input: z.object({}),
    output: z.any(),
    errors: [],
    run,
  })
  return pawl.perform(declared, {}, { trusted: { user: ownerId } }) as Promise<T>
}

/** The numbers of the keys of a vault that exist. */
function keysOf(calls: ReturnType<typeof recordingHsm>['calls'], vaultId: string): number[] {
  const numbers = new Set<number>()
  for (const call of calls) {
    if (!('uri' in call) || !call.uri.includes(vaultId)) continue
    const number = Number(call.uri.split('/').at(-1))
    if (call.method === 'createKey') numbers.add(number)
    if (call.method === 'destroyKey') numbers.delete(number)
  }
  return [...numbers]
}

it('of several rotations at once each makes a key of its own, and only the last key is left', async () => {
  const hsm = recordingHsm(memoryHsm(worldDefaults))
  await using world = await testPawl({ hsm })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id, path: 'a', value })
  const rotated = await Promise.all([1, 2, 3].map(() => world.owner.vaults.rotateKey({ vault_id })))
  expect(rotated.map(({ key_number }) => key_number).sort()).toEqual([2, 3, 4])
  await world.pawl.runJobs()
  expect(keysOf(hsm.calls, vault_id)).toEqual([4])
  expect((await world.owner.secrets.get({ vault_id, path: 'a' })).value.reveal()).toBe(value)
})

it('does not create again a key that was destroyed since the rotation read its number', async () => {
  const hsm = recordingHsm(memoryHsm(worldDefaults))
  await using world = await testPawl({ hsm })
  const { owner, pawl } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  let isLate = false
  const current = await performed(world, 'rotateLate', (context) => {
    const keys = context.unit.require(vaultKeysKind, vault_id, internalError)
    context.unit.waitFor(async () => {
      if (isLate) return null
      isLate = true
      for (let round = 0; round < 2; round++) {
        await owner.vaults.rotateKey({ vault_id })
        await pawl.runJobs()
      }
      return null
    })
    return rotateKeys(context, keys).current
  })
  await pawl.runJobs()
  expect(current).toBe(4)
  expect(keysOf(hsm.calls, vault_id)).toEqual([4])
})

it('finds no vault if the vault was deleted since the rotation read its keys', async () => {
  await using world = await testPawl()
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const rotated = performed(world, 'rotateDeleted', (context) => {
    const keys = context.unit.require(vaultKeysKind, vault_id, vaultNotFound)
    context.unit.waitFor(async () => {
      await world.owner.vaults.delete({ vault_id })
      return null
    })
    return rotateKeys(context, keys)
  })
  await expect(rotated).rejects.toSatisfy(vaultNotFound.is)
})

it.each(['wrap', 'destroyKey'] as const)(
  'leaves nothing of a vault that is deleted at the first %s of a rotation',
  async (call) => {
    let atCall: (() => Promise<unknown>) | null = null
    const hsm = slowHsm(memoryHsm(worldDefaults), async (method) => {
      const work = method === call ? atCall : null
      if (!work) return
      atCall = null
      await work()
    })
    await using world = await testPawl({ hsm })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id, path: 'a', value })
    await world.owner.vaults.rotateKey({ vault_id })
    atCall = () => world.owner.vaults.delete({ vault_id })
    await world.pawl.runJobs()
    expect(atCall).toBeNull()
    // What the deletion interrupted is tried again, and finds nothing to do.
    world.clock.advance(3_600_000)
    await world.pawl.runJobs()
    const kept = world.storedKinds()
    for (const kind of ['vault', 'vaultKeys', 'vaultKeyChange', 'secretVersion', 'job']) {
      expect(kept).not.toHaveProperty(kind)
    }
  },
)

it('counts the uses of a key also in the unit that creates the vault', async () => {
  await using world = await testPawl()
  await world.owner.agents.create({ name: 'first' })
  const { vault_id } = await world.owner.agents.agentKeysVault()
  const wraps = ({ unit }: Context) => unit.require(vaultKeysKind, vault_id, internalError).wraps
  expect(await performed(world, 'wraps', wraps)).toBeGreaterThanOrEqual(1)
})

it('counts only the values that were there when the key changed, however often it is interrupted', async () => {
  let wrapsLeft = Number.POSITIVE_INFINITY
  const hsm = failingHsm(memoryHsm(worldDefaults), {
    every: 1,
    only: ({ method }) => method === 'wrap' && wrapsLeft-- <= 0,
  })
  await using world = await testPawl({ hsm })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  for (let at = 0; at < 5; at++) await world.owner.secrets.put({ vault_id, path: `s/${at}`, value })
  const change = async () => (await world.owner.vaults.getKey({ vault_id })).change
  const goOn = async (wraps: number) => {
    wrapsLeft = wraps
    world.clock.advance(3_600_000)
    while ((await world.pawl.runJobs()) > 0);
    wrapsLeft = Number.POSITIVE_INFINITY
  }
  await world.owner.vaults.rotateKey({ vault_id })
  await goOn(2)
  expect(await change()).toMatchObject({ status: 'running', total_values: 5, processed: 2 })
  for (let at = 5; at < 8; at++) await world.owner.secrets.put({ vault_id, path: `s/${at}`, value })
  await goOn(2)
  expect(await change()).toMatchObject({ status: 'running', total_values: 5, processed: 4 })
  await goOn(10)
  expect(await change()).toMatchObject({ status: 'completed', total_values: 5, processed: 5 })
})

it('that another one overtakes is not told as done, and each value is counted once', async () => {
  let wraps: number | null = null
  const shown: unknown[] = []
  const hsm = slowHsm(memoryHsm(worldDefaults), async (method) => {
    if (method !== 'wrap' || wraps === null) return
    wraps++
    if (wraps === 3) await world.owner.vaults.rotateKey({ vault_id })
    if (wraps > 3) shown.push((await change())?.status)
  })
  await using world = await testPawl({ hsm })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const change = async () => (await world.owner.vaults.getKey({ vault_id })).change
  for (let at = 0; at < 5; at++) await world.owner.secrets.put({ vault_id, path: `s/${at}`, value })
  await world.owner.vaults.rotateKey({ vault_id })
  wraps = 0
  while ((await world.pawl.runJobs()) > 0);
  expect(wraps).toBeGreaterThan(5)
  expect(new Set(shown)).toEqual(new Set(['running']))
  expect(await change()).toMatchObject({ status: 'completed', total_values: 5, processed: 5 })
})

it('reserves the uses of a key before they are used, in large parts, and also after the first part', async () => {
  await using world = await testPawl()
  const { id: vaultId } = await world.owner.vaults.create({ name: 'prod' })
  const reserved = () =>
    performed(world, 'wraps', ({ unit }) => unit.require(vaultKeysKind, vaultId, internalError).wraps)
  let used = 0
  const use = (times: number) =>
    performed(world, 'use', (context) =>
      context.unit.waitFor(async () => {
        for (let at = 0; at < times; at++) {
          const reserving = reserveWrap(context, { org: world.org, vaultId })
          if (reserving) await reserving
        }
        used += times
        return null
      }),
    )
  const parts = new Set<number>()
  for (let round = 0; round < 20; round++) {
    await use(2_000)
    parts.add(await reserved())
    expect(await reserved()).toBeGreaterThanOrEqual(used)
    expect(await reserved()).toBeLessThan(used + 16_384)
  }
  expect([...parts]).toEqual([16_384, 32_768, 49_152])
})

it('reserves once for all writes that wait for it, and again for the next write if it fails', async () => {
  let isBroken = false
  const onCommit = (kind: string) => {
    if (isBroken && kind === 'vaultKeys') throw new Error('cut off')
  }
  await using world = await testPawl({ onCommit })
  const { id: vaultId } = await world.owner.vaults.create({ name: 'prod' })
  const many = () =>
    performed(world, 'many', (context) =>
      context.unit.waitFor(async () => {
        await Promise.all(Array.from({ length: 50 }, () => reserveWrap(context, { org: world.org, vaultId })))
        return null
      }),
    )
  isBroken = true
  await expect(many()).rejects.toMatchObject({ code: 'unavailable' })
  isBroken = false
  await many()
  const reserved = ({ unit }: Context) => unit.require(vaultKeysKind, vaultId, internalError).wraps
  expect(await performed(world, 'reserved', reserved)).toBe(16_384)
})

const settled = () => new Promise((done) => setImmediate(done))

it('writes that follow many others wait for no call to the HSM', async () => {
  let isHanging = false
  const hsm = slowHsm(memoryHsm(worldDefaults), async (method) => {
    if (isHanging && method === 'wrap') await new Promise(() => {})
  })
  await using world = await testPawl({ hsm })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const put = (at: number) => world.owner.secrets.put({ vault_id, path: `s/${at}`, value })
  await Promise.all(Array.from({ length: 12 }, (_, at) => put(at)))
  await settled()
  isHanging = true
  for (let at = 12; at < 32; at++) await put(at)
})

it('wraps no keys in advance while the HSM is away, except once for each write', async () => {
  let isAway = false
  let failures = 0
  const hsm = failingHsm(memoryHsm(worldDefaults), {
    every: 1,
    only: ({ method }) => isAway && method === 'wrap' && ++failures > 0,
  })
  await using world = await testPawl({ hsm })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const put = (at: number) => world.owner.secrets.put({ vault_id, path: `s/${at}`, value })
  isAway = true
  for (let at = 0; at < 4; at++) await expect(put(at)).rejects.toMatchObject({ code: 'unavailable' })
  await settled()
  expect(failures).toBeGreaterThan(4)
  expect(failures).toBeLessThan(40)
  isAway = false
  await put(5)
})

it('a rotation counts the data keys that the new key wraps again', async () => {
  await using world = await testPawl()
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  for (let at = 0; at < 6; at++) {
    await world.owner.secrets.put({ vault_id, path: `p${at % 2}`, value: tagged('v') })
  }
  await world.owner.vaults.rotateKey({ vault_id })
  await world.pawl.runJobs()
  expect(await wrapsOf(world, vault_id)).toEqual({ wraps: 6, current: 2 })
})

it('a rotation happens automatically before the key has wrapped as many data keys as it may, also after a restart', async () => {
  const [storage, hsm] = [memoryStorage(), memoryHsm(worldDefaults)]
  const first = await testPawl({ storage, hsm })
  const { id: vault_id } = await first.owner.vaults.create({ name: 'prod' })
  const keysIn = (world: World, wraps = 0) => wrapsOf(world, vault_id, wraps)
  for (let at = 0; at < 3; at++) await first.owner.secrets.put({ vault_id, path: `p${at}`, value: tagged('v') })
  // The engine counts ahead, so that a crash never makes the count too low.
  expect((await keysIn(first)).wraps).toBeGreaterThanOrEqual(3)
  await keysIn(first, limits.wrapsPerKeyMax - 1)
  await first.close()
  const second = await testPawl({ storage, hsm })
  expect((await keysIn(second)).current).toBe(1)
  await second.owner.secrets.put({ vault_id, path: 'next', value: tagged('next') })
  const after = await keysIn(second)
  expect(after.current).toBe(2)
  expect(after.wraps).toBeLessThan(limits.wrapsPerKeyMax / 2)
  expect((await second.owner.secrets.get({ vault_id, path: 'p0' })).value.reveal()).toBe(tagged('v'))
  await second.close()
})

/** How many data keys the current key of a vault has wrapped. Sets that number first, if there is one. */
function wrapsOf(world: World, vault_id: string, wraps = 0): Promise<{ wraps: number; current: number }> {
  return performed(world, 'wrapsOf', ({ unit }) => {
    const keys = unit.require(vaultKeysKind, vault_id, internalError)
    if (wraps > 0) unit.put(vaultKeysKind, { ...keys, wraps })
    return { wraps: keys.wraps, current: keys.current }
  })
}
