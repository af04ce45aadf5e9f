import { tagged } from '@pawl/testkit/canary'
import { worldDefaults } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { createPawl } from '../index.ts'
import { type Hsm, HsmError } from '../ports/hsm.ts'
import { memoryHsm, memoryStorage } from '../ports/reference/index.ts'
import { moveKeys, openAuditVerifier } from './index.ts'

// Goal: a vault can be taken to another key store, and in the end needs nothing of the old one. Method: a whole vault
// and two key stores; afterwards the old one is gone.

const lasting = (hsm: Hsm): Hsm => ({ ...hsm, close: async () => {} })
const open = (storage: ReturnType<typeof memoryStorage>, hsm: Hsm) =>
  createPawl({ ...worldDefaults, storage, hsm, background: false, rateLimits: false })

async function usedVault(storage: ReturnType<typeof memoryStorage>, hsm: Hsm): Promise<string> {
  const pawl = await open(storage, hsm)
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  const owner = pawl.as({ user })
  const { id } = await owner.vaults.create({ name: 'prod' })
  for (const path of ['a', 'b']) await owner.secrets.put({ vault_id: id, path, value: tagged(`value of ${path}`) })
  const { id: second } = await owner.vaults.create({ name: 'other' })
  await owner.secrets.put({ vault_id: second, path: 'c', value: tagged('value of c') })
  await pawl.close()
  return id
}

async function valuesIn(storage: ReturnType<typeof memoryStorage>, hsm: Hsm, vault_id: string) {
  const pawl = await open(storage, hsm)
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  const owner = pawl.as({ user })
  const values = await Promise.all(['a', 'b'].map((path) => owner.secrets.get({ vault_id, path })))
  const { chain_valid } = await owner.audit.verify({})
  await pawl.close()
  return { values: values.map(({ value }) => value.reveal()), chain_valid }
}

const all = { values: [tagged('value of a'), tagged('value of b')], chain_valid: true }

describe('moving the keys of a vault', () => {
  it('leaves everything readable and provable with the new key store alone', async () => {
    const [storage, from, to] = [memoryStorage(), lasting(memoryHsm(worldDefaults)), lasting(memoryHsm(worldDefaults))]
    const vault = await usedVault(storage, from)
    const seen: number[] = []
    await moveKeys({ storage, from, to, progress: (vaults) => seen.push(vaults) })
    expect(seen).toEqual([1, 2])
    expect(await valuesIn(storage, to, vault)).toEqual(all)
    const verifier = await openAuditVerifier({ ...worldDefaults, storage, hsm: to })
    for await (const { problem } of verifier.lanes()) expect(problem).toBeNull()
  })

  it('destroys no key of the old one, so that old backups can still be opened with it', async () => {
    const [storage, from, to] = [memoryStorage(), lasting(memoryHsm(worldDefaults)), lasting(memoryHsm(worldDefaults))]
    await usedVault(storage, from)
    const destroyed: string[] = []
    const watched = { ...from, destroyKey: async (uri: string) => void destroyed.push(uri) }
    await moveKeys({ storage, from: watched, to })
    expect(destroyed).toEqual([])
  })

  it('cut off anywhere, keeps the vault shut until it is done again, and then loses nothing', async () => {
    for (let at = 1; at <= 30; at += 3) {
      const [storage, from, to] = [
        memoryStorage(),
        lasting(memoryHsm(worldDefaults)),
        lasting(memoryHsm(worldDefaults)),
      ]
      const vault = await usedVault(storage, from)
      const cutOff = moveKeys({ storage, from, to: failingFrom(to, at) }).then(
        () => false,
        () => true,
      )
      if (await cutOff) {
        for (const hsm of [from, to]) await expect(open(storage, lasting(hsm))).rejects.toThrow('pawl keys move')
        await moveKeys({ storage, from, to })
      }
      expect(await valuesIn(storage, to, vault)).toEqual(all)
    }
  })

  it('leaves vaults in key stores of organisations where they are, and needs those key stores for none of it', async () => {
    const [storage, from, to] = [memoryStorage(), lasting(memoryHsm(worldDefaults)), lasting(memoryHsm(worldDefaults))]
    const acme = lasting(memoryHsm(worldDefaults))
    const vault = await usedVault(storage, from)
    const inAcme = await createPawl({ ...worldDefaults, storage, hsm: from, keyStores: { acme }, background: false })
    const { user } = await inAcme.firstOwner({ email: 'owner@example.com' })
    const { id: vault_id } = await inAcme.as({ user }).vaults.create({ name: 'in acme', key_store: 'acme' })
    await inAcme.as({ user }).secrets.put({ vault_id, path: 'a', value: tagged('value in acme') })
    await inAcme.close()
    await moveKeys({ storage, from, to })
    expect(await valuesIn(storage, to, vault)).toEqual(all)
    const after = await createPawl({ ...worldDefaults, storage, hsm: to, keyStores: { acme }, background: false })
    const { value } = await after.as({ user }).secrets.get({ vault_id, path: 'a' })
    expect(value.reveal()).toBe(tagged('value in acme'))
    await after.close()
  })

  it('makes no vault where there is none', async () => {
    const moving = moveKeys({ storage: memoryStorage(), from: memoryHsm(worldDefaults), to: memoryHsm(worldDefaults) })
    await expect(moving).rejects.toThrow('This storage holds no vault')
  })
})

/** An HSM that goes away at its nth call. */
function failingFrom(hsm: Hsm, at: number): Hsm {
  let calls = 0
  const failing =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      if (++calls >= at) throw new HsmError('unavailable', 'The HSM was unplugged.')
      return call(...args)
    }
  return {
    ...hsm,
    createKey: failing(hsm.createKey),
    sign: failing(hsm.sign),
    wrap: failing(hsm.wrap),
    unwrap: failing(hsm.unwrap),
    destroyKey: failing(hsm.destroyKey),
  }
}
