import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it, onTestFinished } from 'vitest'

// Goal: what an operator does to the keys of a vault that is in use. Method: the real store and key store, on a disk.

const crypto = nodeCrypto()
const [oldRoot, newRoot] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

async function open(folder: string, key: Uint8Array) {
  const hsm = softwareHsm({ path: join(folder, 'data/keys'), root: { key }, crypto })
  const storage = sqlite({ path: join(folder, 'data/vault.db') })
  const pawl = await createPawl({ storage, hsm, crypto, background: false, strictKeys: true })
  const { user } = await pawl.firstOwner({ email: 'you@example.com' })
  return { pawl, hsm, owner: pawl.as({ user }) }
}

describe('the keys of a vault that is in use', () => {
  it('can be sealed and unsealed: until then nothing is read or written, and the caller hears why', async () => {
    const { pawl, hsm, owner } = await open(newFolder(), oldRoot)
    const { id } = await owner.vaults.create({ name: 'prod' })
    const at = { vault_id: id, path: 'db/password' }
    await owner.secrets.put({ ...at, value: tagged('hunter2') })
    await hsm.seal()
    const sealed = expect.objectContaining({ kind: 'unavailable', message: expect.stringContaining('sealed') })
    await expect(owner.secrets.get(at)).rejects.toEqual(sealed)
    await expect(owner.secrets.put({ ...at, value: tagged('x') })).rejects.toEqual(sealed)
    expect(await pawl.as({}).health.hsm()).toMatchObject({ status: 'unavailable', hsm_provider: 'software' })
    await expect(hsm.unseal(newRoot)).rejects.toMatchObject({ failure: 'not_authentic' })
    await hsm.unseal(oldRoot)
    expect((await owner.secrets.get(at)).value.reveal()).toBe(tagged('hunter2'))
    await pawl.close()
  })

  it('get a new root while values are read and written, and the old root opens nothing any more', async () => {
    const folder = newFolder()
    const { pawl, hsm, owner } = await open(folder, oldRoot)
    const { id } = await owner.vaults.create({ name: 'prod' })
    const at = (path: string) => ({ vault_id: id, path })
    await owner.secrets.put({ ...at('fixed'), value: tagged('v') })
    const work = Array.from({ length: 30 }, async (_, turn) => {
      await owner.secrets.put({ ...at(`s/${turn}`), value: tagged('w') })
      await owner.secrets.get(at('fixed'))
    })
    await Promise.all([...work, hsm.rotateRoot(newRoot), owner.vaults.rotateKey({ vault_id: id })])
    await pawl.runJobs()
    await pawl.close()
    await expect(open(folder, oldRoot)).rejects.toMatchObject({ failure: 'not_authentic' })
    const again = await open(folder, newRoot)
    const { secrets } = await again.owner.secrets.list({ vault_id: id })
    for (const { path } of secrets) await again.owner.secrets.get(at(path))
    expect(secrets).toHaveLength(31)
    await again.pawl.close()
  })
})
