import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
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

  it('is for people who manage the vault, for no vault of the engine, and 2-of-3 is not configured', async () => {
    await using world = await testPawl()
    const vault_id = await splitVault(world)
    const { as: agent } = await world.agent({ vault: vault_id })
    const twoOfTwo = { vault_id, mpc_custody: '2-of-2' } as const
    await expect(agent.vaults.enableCustody(twoOfTwo)).rejects.toMatchObject({ code: 'denied' })
    const { owner: stranger } = await world.otherOrg()
    await expect(stranger.vaults.enableCustody(twoOfTwo)).rejects.toMatchObject({ kind: 'not_found' })
    const three = { code: 'custody_not_configured', kind: 'unavailable' }
    const { owner } = world
    await expect(owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-3' })).rejects.toMatchObject(three)
    await expect(owner.vaults.create({ name: 'x', mpc_custody: '2-of-3' })).rejects.toMatchObject(three)
    const { vault_id: system } = await owner.agents.agentKeysVault()
    await expect(owner.vaults.enableCustody({ ...twoOfTwo, vault_id: system })).rejects.toMatchObject({
      code: 'system_vault',
    })
  })
})
