import { tagged } from '@pawl/testkit/canary'
import { worldDefaults } from '@pawl/testkit/world'
import { beforeEach, describe, expect, it } from 'vitest'
import { createPawl, type Pawl } from '../index.ts'
import { fromBase64 } from '../kernel/bytes.ts'
import { openAuditVerifier } from '../maintenance/index.ts'
import type { Hsm } from '../ports/hsm.ts'
import { manualClock, memoryHsm, memoryStorage } from '../ports/reference/index.ts'

// Goal: all keys in the HSM can be replaced while the vault is used, and nothing is lost by it. Method: a whole vault on
// an HSM that says which keys it holds.

let storage: ReturnType<typeof memoryStorage>
let hsm: Hsm
let keys: Set<string>
let pawl: Pawl
let owner: ReturnType<Pawl['as']>

const clock = manualClock('2026-01-01T00:00:00Z')
const open = () => createPawl({ ...worldDefaults, storage, hsm, clock, background: false, rateLimits: false })

beforeEach(async () => {
  storage = memoryStorage()
  const inner = memoryHsm(worldDefaults)
  keys = new Set()
  hsm = {
    ...inner,
    createKey: async (uri, type) => {
      await inner.createKey(uri, type)
      keys.add(uri)
    },
    destroyKey: async (uri) => {
      await inner.destroyKey(uri)
      keys.delete(uri)
    },
    close: async () => {},
  }
  pawl = await open()
  const { user } = await pawl.firstOwner({ email: 'owner@example.com', password: tagged('Correct-Horse-1815') })
  owner = pawl.as({ user })
})

async function vaultWith(name: string, values: Record<string, string>): Promise<string> {
  const { id } = await owner.vaults.create({ name })
  for (const [path, value] of Object.entries(values)) await owner.secrets.put({ vault_id: id, path, value })
  return id
}

const secretValue = async (vault_id: string, path: string) =>
  (await owner.secrets.get({ vault_id, path })).value.reveal()

describe('rotating all keys', () => {
  it('leaves no key of before, and everything readable', async () => {
    const vaults = [await vaultWith('one', { a: '1', 'b/c': '2' }), await vaultWith('two', { a: '3' })]
    await owner.secrets.put({ vault_id: vaults[0] ?? '', path: 'a', value: tagged('1b') })
    await pawl.as('').auth.token({ email: 'owner@example.com', password: tagged('Correct-Horse-1815') })
    await pawl.runJobs()
    const before = [...keys]
    const seen: number[] = []
    await pawl.rotateKeys((done) => seen.push(done))
    expect(before.filter((uri) => keys.has(uri))).toEqual([])
    expect(seen).toEqual([1, 2])
    await pawl.close()
    pawl = await open()
    const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
    owner = pawl.as({ user })
    expect(await secretValue(vaults[0] ?? '', 'a')).toBe(tagged('1b'))
    expect(await secretValue(vaults[0] ?? '', 'b/c')).toBe('2')
    expect((await owner.secrets.getVersion({ vault_id: vaults[0] ?? '', path: 'a', version: 1 })).value?.reveal()).toBe(
      '1',
    )
    expect(await secretValue(vaults[1] ?? '', 'a')).toBe('3')
  })

  it('lets tokens that are out live on, and signs new ones with the new key', async () => {
    const signIn = () => pawl.as('').auth.token({ email: 'owner@example.com', password: tagged('Correct-Horse-1815') })
    const { access_token: old } = await signIn()
    await pawl.rotateKeys()
    const { access_token: fresh } = await signIn()
    for (const token of [old, fresh]) {
      expect((await pawl.as(token.reveal()).auth.me({})).email).toBe('owner@example.com')
    }
    const kidOf = (token: string) => new TextDecoder().decode(fromBase64(token.split('.')[0] ?? '') ?? undefined)
    expect(kidOf(old.reveal())).not.toBe(kidOf(fresh.reveal()))
  })

  it('keeps the audit trail provable, back to the first signature, however often it is done', async () => {
    for (let round = 0; round < 3; round++) {
      await vaultWith(`vault-${round}`, { a: 'x' })
      await pawl.runJobs()
      clock.advance(11 * 60_000)
      await pawl.runJobs()
      await pawl.rotateKeys()
    }
    expect(await owner.audit.verify({})).toMatchObject({ chain_valid: true })
    await pawl.close()
    const verifier = await openAuditVerifier({ ...worldDefaults, storage, hsm })
    for await (const lane of verifier.lanes()) expect(lane).toMatchObject({ problem: null })
  })

  it('can be done again after it was cut off anywhere', async () => {
    const vault = await vaultWith('one', { a: '1' })
    for (let at = 1; at <= 12; at++) {
      await failingAt(at, () => pawl.rotateKeys())
      await pawl.close()
      pawl = await open()
      const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
      owner = pawl.as({ user })
      expect(await secretValue(vault, 'a')).toBe('1')
      expect(await owner.audit.verify({})).toMatchObject({ chain_valid: true })
    }
    await pawl.rotateKeys()
    expect(await secretValue(vault, 'a')).toBe('1')
  })
})

/** Lets the HSM go away at the nth call of some work. */
async function failingAt(at: number, work: () => Promise<unknown>): Promise<void> {
  let calls = 0
  const working = { ...hsm }
  const gone = () => {
    calls++
    if (calls >= at) throw new Error('gone')
  }
  for (const method of ['createKey', 'sign', 'wrap', 'unwrap', 'destroyKey', 'publicKey'] as const) {
    const call = working[method] as (...args: unknown[]) => Promise<unknown>
    Object.assign(hsm, {
      [method]: async (...args: unknown[]) => {
        gone()
        return call(...args)
      },
    })
  }
  await work().catch(() => {})
  Object.assign(hsm, working)
}
