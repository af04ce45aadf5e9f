import { memoryHsm } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { recordingHsm, unpluggableHsm } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import type { Secret } from '../../kernel/secret.ts'

const value = tagged('hunter2')
const missing = expect.objectContaining({ code: 'client_share_missing', kind: 'invalid' })
const wrong = expect.objectContaining({ code: 'client_share_wrong', kind: 'invalid' })

async function splitVault({ owner }: World) {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod', mpc_custody: '2-of-2' })
  return vault_id
}

async function put({ owner }: World, vault_id: string, path = 'db', more = {}) {
  const { client_share } = await owner.secrets.put({ vault_id, path, value, ...more })
  return client_share?.reveal() ?? ''
}

describe('custody 2-of-2', () => {
  it('is shown by the vault, whether it begins with it or gets it later', async () => {
    await using world = await testPawl()
    const custody = { mpc_custody: '2-of-2', mpc_threshold: 2, mpc_providers: ['server', 'client'] }
    expect(await world.owner.vaults.create({ name: 'a', mpc_custody: '2-of-2' })).toMatchObject(custody)
    const plain = await world.owner.vaults.create({ name: 'b' })
    expect(plain.mpc_custody).toBeUndefined()
    const enable = () => world.owner.vaults.enableCustody({ vault_id: plain.id, mpc_custody: '2-of-2' })
    expect(await enable()).toMatchObject(custody)
    expect(await enable()).toMatchObject(custody)
    expect(await world.owner.vaults.get({ vault_id: plain.id })).toMatchObject(custody)
  })

  it('gives the client share once, and opens the value only with it (§5.2.20)', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const share = await put(world, vault_id)
    expect(share).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const read = (client_share?: string | Secret<string>) =>
      world.owner.secrets.get({ vault_id, path: 'db', ...(client_share === undefined ? {} : { client_share }) })
    await expect(read()).rejects.toEqual(missing)
    expect((await read(share)).value.reveal()).toBe(value)
    // The first read leaves nothing in memory that would replace the share.
    await expect(read()).rejects.toEqual(missing)
    for (const bad of ['', 'x', 'A'.repeat(43), `${share.slice(0, -2)}AA`])
      await expect(read(bad), bad).rejects.toEqual(wrong)
    const { versions } = await world.owner.secrets.listVersions({ vault_id, path: 'db' })
    expect(JSON.stringify(versions)).not.toContain(share)
  })

  it('splits each version by itself', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const [first, second] = [await put(world, vault_id), await put(world, vault_id)]
    const read = (version: number, client_share: string) =>
      world.owner.secrets.getVersion({ vault_id, path: 'db', version, client_share })
    expect((await read(1, first)).value.reveal()).toBe(value)
    expect((await read(2, second)).value.reveal()).toBe(value)
    await expect(read(1, second)).rejects.toEqual(wrong)
    await expect(read(2, first)).rejects.toEqual(wrong)
  })

  it('takes no read for a share that is missing or wrong', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const client_share = await put(world, vault_id, 'once', { max_access_count: 1 })
    const read = (more: object) => world.owner.secrets.get({ vault_id, path: 'once', ...more })
    await expect(read({})).rejects.toEqual(missing)
    await expect(read({ client_share: 'A'.repeat(43) })).rejects.toEqual(wrong)
    await expect(read({ client_share })).resolves.toBeDefined()
    await expect(read({ client_share })).rejects.toMatchObject({ code: 'secret_gone' })
  })

  it('leaves older values as they are, and generated ones split', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    expect(await put(world, vault_id)).toBe('')
    await world.owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-2' })
    expect((await world.owner.secrets.get({ vault_id, path: 'db' })).value.reveal()).toBe(value)
    const { client_share } = await world.owner.secrets.rotate({ vault_id, path: 'db' })
    await expect(world.owner.secrets.get({ vault_id, path: 'db' })).rejects.toEqual(missing)
    const share = client_share?.reveal() ?? ''
    expect((await world.owner.secrets.get({ vault_id, path: 'db', client_share: share })).value.reveal()).toHaveLength(
      32,
    )
  })

  it('outlives a new wrapping key of the vault', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const client_share = await put(world, vault_id)
    await world.owner.vaults.rotateKey({ vault_id })
    await world.pawl.runJobs()
    await expect(world.owner.secrets.get({ vault_id, path: 'db' })).rejects.toEqual(missing)
    expect((await world.owner.secrets.get({ vault_id, path: 'db', client_share })).value.reveal()).toBe(value)
  })

  it('asks the reader of a shared secret for the share, too', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const stored = await world.owner.secrets.put({ vault_id, path: 'db', value })
    const { id } = await world.owner.sharing.create({ secret_id: stored.id, recipient_type: 'anyone_with_link' })
    const open = (more: object) => world.pawl.as({}).sharing.access({ share_id: id, ...more })
    await expect(open({})).rejects.toEqual(missing)
    const client_share = stored.client_share?.reveal()
    expect((await open({ client_share })).value.reveal()).toBe(value)
  })

  it('is for people who manage the vault, and for no vault of the engine', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const { as: agent } = await world.agent({ vault: vault_id })
    const twoOfTwo = { vault_id, mpc_custody: '2-of-2' } as const
    await expect(agent.vaults.enableCustody(twoOfTwo)).rejects.toMatchObject({ code: 'denied' })
    const { owner: stranger } = await world.otherOrg()
    await expect(stranger.vaults.enableCustody(twoOfTwo)).rejects.toMatchObject({ kind: 'not_found' })
    const { owner } = world
    const { vault_id: system } = await owner.agents.agentKeysVault()
    await expect(owner.vaults.enableCustody({ ...twoOfTwo, vault_id: system })).rejects.toMatchObject({
      code: 'system_vault',
    })
  })
})

describe('custody 2-of-3', () => {
  const three = { mpc_custody: '2-of-3', mpc_threshold: 2, mpc_providers: ['server', 'acme', 'globex'] }
  const read = async ({ owner }: World, vault_id: string, path = 'db') =>
    (await owner.secrets.get({ vault_id, path })).value.reveal()
  const unpluggables = () => ({ acme: unpluggableHsm(memoryHsm()), globex: unpluggableHsm(memoryHsm()) })

  it('splits the data keys of a new vault between three key stores, of which any two open it', async () => {
    const hsm = unpluggableHsm(memoryHsm())
    const keyStores = unpluggables()
    await using own = await testPawl({ hsm, keyStores })
    const created = await own.owner.vaults.create({ name: 'prod', mpc_custody: '2-of-3' })
    expect(created).toMatchObject(three)
    expect(created.key_store).toBeUndefined()
    const { id: vault_id } = created
    expect(await put(own, vault_id)).toBe('')
    for (const away of Object.values(keyStores)) {
      away.unplug()
      expect(await read(own, vault_id)).toBe(value)
      await expect(put(own, vault_id, 'new')).rejects.toMatchObject({ code: 'key_store_unavailable' })
      away.plugIn()
    }
    keyStores.acme.unplug()
    keyStores.globex.unplug()
    const both = { code: 'key_store_unavailable', data: { key_stores: ['acme', 'globex'] } }
    await expect(read(own, vault_id)).rejects.toMatchObject(both)
    keyStores.globex.plugIn()
    expect(await read(own, vault_id)).toBe(value)
  })

  it('is given to the values that are there too, and taken back by moving the key to one key store', async () => {
    await using own = await testPawl()
    const { owner, pawl } = own
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await put(own, vault_id)
    const enable = () => owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-3' })
    expect(await enable()).toMatchObject(three)
    expect(await enable()).toMatchObject(three)
    await pawl.runJobs()
    const { key_stores, change } = await owner.vaults.getKey({ vault_id })
    expect([key_stores.length, change]).toEqual([3, expect.objectContaining({ status: 'completed', processed: 1 })])
    expect(await read(own, vault_id)).toBe(value)
    const twoOfTwo = owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-2' })
    await expect(twoOfTwo).rejects.toMatchObject({ data: { fields: { mpc_custody: expect.any(String) } } })
    const back = await owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    expect([back.mpc_custody, back.key_store]).toEqual([undefined, 'acme'])
    await pawl.runJobs()
    expect(await read(own, vault_id)).toBe(value)
  })

  it('leaves values of custody 2-of-2 with their client share', async () => {
    await using own = await testPawl()
    const vault_id = await splitVault(own)
    const client_share = await put(own, vault_id)
    expect(await own.owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-3' })).toMatchObject(three)
    expect(await put(own, vault_id, 'new')).toBe('')
    await own.pawl.runJobs()
    await expect(read(own, vault_id)).rejects.toEqual(missing)
    expect((await own.owner.secrets.get({ vault_id, path: 'db', client_share })).value.reveal()).toBe(value)
    expect(await read(own, vault_id, 'new')).toBe(value)
  })

  it('takes the three that the caller names, and needs names if there are more', async () => {
    const [acme, globex, initech] = [memoryHsm(), memoryHsm(), memoryHsm()]
    await using own = await testPawl({ keyStores: { acme, globex, initech } })
    const create = (name: string, providers?: string[]) =>
      own.owner.vaults.create({ name, mpc_custody: '2-of-3', ...(providers && { providers }) })
    const refused = { data: { fields: { providers: expect.any(String) } } }
    for (const bad of [undefined, ['acme', 'acme', 'globex'], ['acme', 'globex'], ['acme', 'globex', 'nowhere']]) {
      await expect(create('x', bad)).rejects.toMatchObject(refused)
    }
    const { id: vault_id, mpc_providers } = await create('x', ['initech', 'acme', 'globex'])
    expect(mpc_providers).toEqual(['initech', 'acme', 'globex'])
    await put(own, vault_id)
    expect(await read(own, vault_id)).toBe(value)
  })

  it('keeps the order of `providers`, and refuses fewer than three, if there are exactly three key stores', async () => {
    await using own = await testPawl()
    const create = (name: string, more: object) => own.owner.vaults.create({ name, mpc_custody: '2-of-3', ...more })
    const providers = ['globex', 'server', 'acme']
    expect(await create('ordered', { providers })).toMatchObject({ mpc_providers: providers })
    for (const bad of [['acme', 'globex'], ['acme']]) {
      await expect(create('x', { providers: bad })).rejects.toThrow(
        'providers: must name three of your key stores: server, acme, globex',
      )
    }
    await expect(create('x', { key_store: 'acme' })).rejects.toThrow('key_store: must be left out with custody 2-of-3')
    expect(await create('left out', { providers: [] })).toMatchObject({ mpc_providers: ['server', 'acme', 'globex'] })
  })

  it('rotates, and destroys its keys in all three key stores with the vault', async () => {
    const [hsm, acme, globex] = [recordingHsm(memoryHsm()), recordingHsm(memoryHsm()), recordingHsm(memoryHsm())]
    await using own = await testPawl({ hsm, keyStores: { acme, globex } })
    const { id: vault_id } = await own.owner.vaults.create({ name: 'prod', mpc_custody: '2-of-3' })
    await put(own, vault_id)
    await own.owner.vaults.rotateKey({ vault_id })
    await own.pawl.runJobs()
    expect(await read(own, vault_id)).toBe(value)
    await own.owner.vaults.delete({ vault_id })
    for (const one of [hsm, acme, globex]) {
      const uri = `pawl:vault/${own.org}/${vault_id}/2`
      expect(one.calls.filter((call) => call.method === 'destroyKey' && call.uri === uri)).not.toEqual([])
    }
  })

  it('is not configured with fewer than three key stores, and the error names the setting', async () => {
    await using own = await testPawl({ keyStores: { acme: memoryHsm() } })
    const few = { code: 'custody_not_configured', message: expect.stringContaining('PAWL_KEY_STORE_') }
    const { id: vault_id } = await own.owner.vaults.create({ name: 'prod' })
    await expect(own.owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-3' })).rejects.toMatchObject(few)
    await expect(own.owner.vaults.create({ name: 'x', mpc_custody: '2-of-3' })).rejects.toMatchObject(few)
  })
})
