import { type Hsm, HsmError } from '@pawl/core/ports'
import { memoryHsm, memoryStorage, systemRandom } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { recordingHsm, type Unpluggable, unpluggableHsm } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import { unwrapKey, wrapKey } from './data-key.ts'

// Goal: the keys of a vault live in a key store of its organisation. Without that key store the vault is sealed, and
// nothing else is. Method: a whole engine in memory, with key stores that can be taken away.

const value = tagged('hunter2')
const sealedBy = (...key_stores: string[]) =>
  expect.objectContaining({ code: 'key_store_unavailable', kind: 'unavailable', data: { key_stores } })

type Stores = Readonly<Record<'acme' | 'globex', Hsm & Unpluggable>>

const stores = (): Stores => ({ acme: unpluggableHsm(memoryHsm()), globex: unpluggableHsm(memoryHsm()) })

async function opened(options: WorldOptions = {}) {
  const keyStores = stores()
  return { ...(await testPawl({ keyStores, ...options })), keyStores }
}

async function vaultIn({ owner }: Pick<World, 'owner'>, key_store: string, values = 1) {
  const { id: vault_id } = await owner.vaults.create({ name: key_store, key_store })
  for (let at = 0; at < values; at++) await owner.secrets.put({ vault_id, path: `s/${at}`, value })
  return vault_id
}

const read = async ({ owner }: Pick<World, 'owner'>, vault_id: string, path = 's/0') =>
  (await owner.secrets.get({ vault_id, path })).value.reveal()

const holds = ({ org }: Pick<World, 'org'>, hsm: Hsm, vaultId: string, number: number) =>
  hsm.wrap(`pawl:vault/${org}/${vaultId}/${number}`, new Uint8Array(1), new Uint8Array()).then(
    () => true,
    (error) => {
      if (error instanceof HsmError && error.failure === 'key_missing') return false
      throw error
    },
  )

/** Lets hours pass, because a job that failed waits before it is tried again. */
async function letHoursPass({ pawl, clock }: World) {
  for (let hour = 0; hour < 3; hour++) {
    clock.advance(3_600_000)
    while ((await pawl.runJobs()) > 0);
  }
}

describe('a vault in a key store of its organisation', () => {
  it('has its key there, and shows where', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme')
    expect(await world.owner.vaults.get({ vault_id })).toMatchObject({ key_store: 'acme' })
    expect(await read(world, vault_id)).toBe(value)
    expect(await holds(world, world.keyStores.acme, vault_id, 1)).toBe(true)
    expect(await holds(world, world.hsm, vault_id, 1)).toBe(false)
    expect((await world.owner.vaults.create({ name: 'plain' })).key_store).toBeUndefined()
  })

  it('is sealed at once while the key store is away, and opens without a restart when it is back', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme')
    const other = await vaultIn(world, 'globex')
    const plain = await vaultIn(world, 'server')
    for (const id of [vault_id, other, plain]) await read(world, id)
    world.keyStores.acme.unplug()
    await expect(read(world, vault_id)).rejects.toEqual(sealedBy('acme'))
    await expect(world.owner.secrets.put({ vault_id, path: 'new', value })).rejects.toEqual(sealedBy('acme'))
    await expect(vaultIn(world, 'acme')).rejects.toMatchObject({ code: 'vault_name_taken' })
    await expect(world.owner.vaults.create({ name: 'x', key_store: 'acme' })).rejects.toEqual(sealedBy('acme'))
    for (const id of [other, plain]) {
      expect(await read(world, id)).toBe(value)
      await world.owner.secrets.put({ vault_id: id, path: 'new', value })
    }
    expect((await world.owner.secrets.list({ vault_id })).secrets.map(({ path }) => path)).toEqual(['s/0'])
    world.keyStores.acme.plugIn()
    expect(await read(world, vault_id)).toBe(value)
    await world.owner.secrets.put({ vault_id, path: 'new', value })
  })

  it('takes no read, and writes an audit event, when the key store is away', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme', 0)
    await world.owner.secrets.put({ vault_id, path: 's/0', value, max_access_count: 1 })
    world.keyStores.acme.unplug()
    for (let attempt = 0; attempt < 3; attempt++) await expect(read(world, vault_id)).rejects.toEqual(sealedBy('acme'))
    world.keyStores.acme.plugIn()
    expect(await read(world, vault_id)).toBe(value)
    await expect(read(world, vault_id)).rejects.toMatchObject({ code: 'secret_gone' })
    const { events } = await world.owner.audit.events({ action: 'secret.read' })
    expect(events.filter(({ details }) => details.code === 'key_store_unavailable')).toHaveLength(3)
  })

  it('does not seal the engine when its key store says that it is sealed', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme')
    Object.assign(world.keyStores.acme, {
      unwrap: async () => {
        throw new HsmError('sealed', 'The token is locked.')
      },
    })
    await expect(read(world, vault_id)).rejects.toEqual(sealedBy('acme'))
    await read(world, await vaultIn(world, 'server'))
  })

  it('is shown by health with a number and no name, and by the status with both', async () => {
    await using world = await opened()
    expect(await world.owner.health.get({})).not.toHaveProperty('key_stores_unavailable')
    world.keyStores.acme.unplug()
    expect(await world.owner.health.get({})).toMatchObject({ status: 'healthy', key_stores_unavailable: 1 })
    const { keyStores } = await world.pawl.status()
    expect(keyStores).toEqual([
      { name: 'acme', provider: 'memory', status: 'unavailable' },
      { name: 'globex', provider: 'memory', status: 'ok' },
    ])
    expect((await world.owner.vaults.keyStores({})).key_stores).toEqual([
      { name: 'server', status: 'ok' },
      { name: 'acme', status: 'unavailable' },
      { name: 'globex', status: 'ok' },
    ])
  })

  it('is deleted with its keys, also while the key store is away: they go when it is back', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme')
    await world.owner.vaults.rotateKey({ vault_id })
    await world.pawl.runJobs()
    world.keyStores.acme.unplug()
    await world.owner.vaults.delete({ vault_id })
    expect(world.storedKinds()).not.toHaveProperty('secretVersion')
    world.keyStores.acme.plugIn()
    expect(await holds(world, world.keyStores.acme, vault_id, 2)).toBe(true)
    await letHoursPass(world)
    expect(await holds(world, world.keyStores.acme, vault_id, 2)).toBe(false)
    expect(world.storedKinds()).not.toHaveProperty('job')
    expect(world.storedKinds()).not.toHaveProperty('vaultKeyChange')
  })

  it('is closed with the engine', async () => {
    let closed = 0
    const hsm = { ...memoryHsm(), close: async () => void closed++ }
    await (await testPawl({ keyStores: { acme: hsm } })).close()
    expect(closed).toBe(1)
    await expect(testPawl({ keyStores: { acme: hsm, Server: hsm } })).rejects.toThrow(/lowercase/)
    await expect(testPawl({ keyStores: { server: hsm } })).rejects.toThrow(/not server/)
    expect(closed).toBe(4)
  })
})

describe('moving the key of a vault', () => {
  it('wraps every data key again, decrypts no value, destroys the old key, and shows the progress', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'server', 60)
    await world.owner.secrets.put({ vault_id, path: 's/0', value: tagged('newer') })
    const moved = await world.owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    expect(moved).toMatchObject({ id: vault_id, key_store: 'acme' })
    const before = await world.owner.vaults.getKey({ vault_id })
    expect(before).toMatchObject({ key_number: 2, change: { status: 'running', processed: 0 } })
    expect(before.key_stores.map(({ name }) => name)).toEqual(['server', 'acme'])
    await world.pawl.runJobs()
    const { key_stores, change } = await world.owner.vaults.getKey({ vault_id })
    expect(key_stores).toEqual([{ name: 'acme', status: 'ok' }])
    expect(change).toMatchObject({ status: 'completed', total_values: 61, processed: 61 })
    expect(await holds(world, world.hsm, vault_id, 1)).toBe(false)
    expect(await read(world, vault_id)).toBe(tagged('newer'))
    expect(await read(world, vault_id, 's/59')).toBe(value)
    // The data keys that were in memory before the move open nothing any more.
    world.keyStores.acme.unplug()
    await expect(read(world, vault_id)).rejects.toEqual(sealedBy('acme'))
  })

  it('V51: makes the data keys that two engines had in memory before open nothing without the new key store', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const [hsm, keyStores] = [memoryHsm(), stores()]
    await using first = await testPawl({ storage, hsm, keyStores })
    await using second = await testPawl({ storage, hsm, keyStores, seed: 'second' })
    const vault_id = await vaultIn(first, 'server', 2)
    for (const one of [first, second, first, second]) expect(await read(one, vault_id)).toBe(value)
    await first.owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    await first.pawl.runJobs()
    keyStores.acme.unplug()
    for (const one of [first, second]) {
      for (const path of ['s/0', 's/1']) await expect(read(one, vault_id, path)).rejects.toEqual(sealedBy('acme'))
      const write = one.owner.secrets.put({ vault_id, path: 'new', value })
      await expect(write).rejects.toEqual(sealedBy('acme'))
    }
    keyStores.acme.plugIn()
    for (const one of [first, second]) expect(await read(one, vault_id)).toBe(value)
    // Nor do the data keys of reads since the move.
    keyStores.acme.unplug()
    for (const one of [first, second]) await expect(read(one, vault_id)).rejects.toEqual(sealedBy('acme'))
  })

  it('V52: seals a value once it has its new key, and until then opens it with the old key', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'server')
    await read(world, vault_id)
    await world.owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    world.keyStores.acme.unplug()
    expect(await read(world, vault_id)).toBe(value)
    await expect(world.owner.secrets.put({ vault_id, path: 'new', value })).rejects.toEqual(sealedBy('acme'))
    world.keyStores.acme.plugIn()
    await letHoursPass(world)
    world.keyStores.acme.unplug()
    await expect(read(world, vault_id)).rejects.toEqual(sealedBy('acme'))
  })

  it('goes on while values are read and written, to another key store and back to the server', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme', 30)
    for (const key_store of ['globex', 'server', 'acme']) {
      const reads = Array.from({ length: 20 }, (_, at) => read(world, vault_id, `s/${at}`))
      const writes = Array.from({ length: 20 }, (_, at) =>
        world.owner.secrets.put({ vault_id, path: `t/${at}`, value }),
      )
      await Promise.all([...reads, ...writes, world.owner.vaults.moveKey({ vault_id, key_store })])
      await world.pawl.runJobs()
      expect((await world.owner.vaults.getKey({ vault_id })).key_stores.map(({ name }) => name)).toEqual([key_store])
      for (let at = 0; at < 20; at++) expect(await read(world, vault_id, `t/${at}`)).toBe(value)
    }
  })

  it('to where the key is already does nothing', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme')
    await world.owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    expect(await world.owner.vaults.getKey({ vault_id })).toMatchObject({ key_number: 1 })
  })

  it('waits while the old key store is away, and continues when it is back', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'acme', 3)
    world.keyStores.acme.unplug()
    await world.owner.vaults.moveKey({ vault_id, key_store: 'globex' })
    await world.pawl.runJobs()
    expect((await world.owner.vaults.getKey({ vault_id })).change).toMatchObject({
      status: 'waiting',
      error: expect.stringContaining('acme'),
    })
    await expect(read(world, vault_id)).rejects.toEqual(sealedBy('acme'))
    await world.owner.secrets.put({ vault_id, path: 'new', value })
    expect(await read(world, vault_id, 'new')).toBe(value)
    world.keyStores.acme.plugIn()
    await letHoursPass(world)
    expect((await world.owner.vaults.getKey({ vault_id })).change).toMatchObject({ status: 'completed', processed: 3 })
    expect(await holds(world, world.keyStores.acme, vault_id, 1)).toBe(false)
    world.keyStores.acme.unplug()
    expect(await read(world, vault_id)).toBe(value)
  })

  it('does not begin while the new key store is away', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'server')
    world.keyStores.acme.unplug()
    await expect(world.owner.vaults.moveKey({ vault_id, key_store: 'acme' })).rejects.toEqual(sealedBy('acme'))
    expect((await world.owner.vaults.get({ vault_id })).key_store).toBeUndefined()
    expect(await read(world, vault_id)).toBe(value)
  })

  it('is continued by the next engine after this one has ended', async () => {
    const storage = memoryStorage()
    const [hsm, keyStores] = [memoryHsm(), stores()]
    const first = await testPawl({ storage, hsm, keyStores })
    const vault_id = await vaultIn(first, 'server', 90)
    await first.owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    let wraps = 0
    const { wrap } = keyStores.acme
    keyStores.acme.wrap = async (...given) => {
      if (++wraps > 50) throw new HsmError('unavailable', 'The cable was pulled.')
      return wrap(...given)
    }
    await first.pawl.runJobs()
    const { change } = await first.owner.vaults.getKey({ vault_id })
    expect(change?.processed).toBeGreaterThan(0)
    expect(change?.processed).toBeLessThan(90)
    await first.close()
    keyStores.acme.wrap = wrap
    await using second = await testPawl({ storage, hsm, keyStores, seed: 'second' })
    await letHoursPass(second)
    expect((await second.owner.vaults.getKey({ vault_id })).change).toMatchObject({
      status: 'completed',
      total_values: 90,
      processed: 90,
    })
    for (const at of [0, 45, 89]) expect(await read(second, vault_id, `s/${at}`)).toBe(value)
    expect(await holds(second, hsm, vault_id, 1)).toBe(false)
  })

  it('leaves nothing in a key store that a vault has left, which can then be removed for good', async () => {
    const storage = memoryStorage()
    const [hsm, keyStores] = [memoryHsm(), stores()]
    const first = await testPawl({ storage, hsm, keyStores })
    const vault_id = await vaultIn(first, 'acme', 3)
    await first.owner.vaults.moveKey({ vault_id, key_store: 'globex' })
    await first.pawl.runJobs()
    await first.close()
    await using second = await testPawl({ storage, hsm, keyStores: { globex: keyStores.globex }, seed: 'second' })
    expect(await read(second, vault_id)).toBe(value)
    await second.owner.vaults.delete({ vault_id })
    expect(await storage.scan({ kind: 'job', index: 'due', from: '', to: '~~', limit: 10 })).toEqual([])
  })

  it('is for people who manage the vault, and for no vault of the engine', async () => {
    await using world = await opened()
    const vault_id = await vaultIn(world, 'server')
    const { as: agent } = await world.agent({ vault: vault_id })
    await expect(agent.vaults.moveKey({ vault_id, key_store: 'acme' })).rejects.toMatchObject({ code: 'denied' })
    await expect(agent.vaults.getKey({ vault_id })).rejects.toMatchObject({ code: 'denied' })
    const { vault_id: system } = await world.owner.agents.agentKeysVault()
    await expect(world.owner.vaults.moveKey({ vault_id: system, key_store: 'acme' })).rejects.toMatchObject({
      code: 'system_vault',
    })
  })
})

describe('a tier without the feature key_stores', () => {
  it('keeps every vault in the key store of the server, also by its move and by custody', async () => {
    const keyStores = { ...stores(), initech: memoryHsm() }
    const tiers = { default: 'free', tiers: { free: { features: [] } } }
    await using world = await testPawl({ keyStores, tiers })
    const { vaults } = world.owner
    const refused = expect.objectContaining({ code: 'resource_limit_exceeded' })
    const vault_id = await vaultIn(world, 'server')
    await expect(vaults.create({ name: 'a', key_store: 'acme' })).rejects.toEqual(refused)
    const providers = ['acme', 'globex', 'initech']
    await expect(vaults.create({ name: 'b', mpc_custody: '2-of-3', providers })).rejects.toEqual(refused)
    await expect(vaults.enableCustody({ vault_id, mpc_custody: '2-of-3', providers })).rejects.toEqual(refused)
    await expect(vaults.moveKey({ vault_id, key_store: 'acme' })).rejects.toEqual(refused)
    await vaults.moveKey({ vault_id, key_store: 'server' })
    await vaults.create({ name: 'c', mpc_custody: '2-of-2' })
    expect(await read(world, vault_id)).toBe(value)
  })
})

describe('rotating all keys of the server', () => {
  it('leaves vaults in other key stores alone, and finishes those that are leaving the server', async () => {
    await using world = await opened()
    const [inAcme, plain, leaving] = [
      await vaultIn(world, 'acme'),
      await vaultIn(world, 'server'),
      (await world.owner.vaults.create({ name: 'leaving' })).id,
    ]
    await world.owner.secrets.put({ vault_id: leaving, path: 's/0', value })
    await world.owner.vaults.moveKey({ vault_id: leaving, key_store: 'globex' })
    world.keyStores.acme.unplug()
    await world.pawl.rotateKeys()
    expect(await world.owner.vaults.getKey({ vault_id: inAcme })).toMatchObject({ key_number: 1 })
    expect(await world.owner.vaults.getKey({ vault_id: plain })).toMatchObject({ key_number: 2 })
    const { key_stores, key_number } = await world.owner.vaults.getKey({ vault_id: leaving })
    expect([key_stores.map(({ name }) => name), key_number]).toEqual([['globex'], 2])
    for (const id of [plain, leaving]) expect(await read(world, id)).toBe(value)
  })
})

describe('another key store', () => {
  it('D: of another organisation can be used by no admin of this one, and the error does not say that it exists', async () => {
    const keyStores = { mine: memoryHsm(), theirs: { hsm: recordingHsm(memoryHsm()), orgs: [] as string[] } }
    await using world = await testPawl({ keyStores })
    const other = await world.otherOrg()
    keyStores.theirs.orgs.push(other.org)
    const vault_id = await vaultIn(world, 'server')
    const refusals = async (as: World['owner'], key_store: string) => {
      const calls = [as.vaults.create({ name: 'x', key_store }), as.vaults.moveKey({ vault_id, key_store })]
      return Promise.all(calls.map((call) => call.then(String, ({ code, message }) => `${code} ${message}`)))
    }
    const expected = 'invalid_input key_store: must be a key store of your organisation: server, mine'
    expect(await refusals(world.owner, 'theirs')).toEqual([expected, expected])
    expect(await refusals(world.owner, 'nowhere')).toEqual([expected, expected])
    expect(keyStores.theirs.hsm.calls).toEqual([])
    expect((await other.owner.vaults.create({ name: 'x', key_store: 'theirs' })).key_store).toBe('theirs')
    await expect(other.owner.vaults.create({ name: 'y', key_store: 'mine' })).rejects.toMatchObject({
      message: 'key_store: must be a key store of your organisation: server, theirs',
    })
    const names = async (as: World['owner']) => (await as.vaults.keyStores({})).key_stores.map(({ name }) => name)
    expect([await names(world.owner), await names(other.owner)]).toEqual([
      ['server', 'mine'],
      ['server', 'theirs'],
    ])
  })

  it('J4: does not open a vault that was moved to its name in the storage, even if it is the same device', async () => {
    const hsm = memoryHsm()
    const keyStores = new Map(['acme', 'globex', 'initech'].map((name) => [name, { hsm, orgs: null }]))
    const means = { hsm, keyStores, random: systemRandom }
    const vault = { org: 'o', vaultId: 'v' }
    const dataKey = systemRandom.bytes(32)
    await hsm.createKey('pawl:vault/o/v/1', 'aes-256')
    const wrapIn = (...names: string[]) => wrapKey(means, vault, { number: 1, keyStores: names }, dataKey)
    const inAcme = await wrapIn('acme')
    expect(await unwrapKey(means, vault, inAcme)).toEqual(dataKey)
    const notAuthentic = { failure: 'not_authentic' }
    for (const names of [['globex'], ['server']]) {
      await expect(unwrapKey(means, vault, { ...inAcme, keyStores: names })).rejects.toMatchObject(notAuthentic)
    }
    await expect(unwrapKey(means, vault, { ...inAcme, keyStores: undefined })).rejects.toMatchObject(notAuthentic)
    await expect(unwrapKey(means, { ...vault, vaultId: 'w' }, inAcme)).rejects.toMatchObject({ failure: 'key_missing' })
    const inThree = await wrapIn('acme', 'globex', 'initech')
    expect(await unwrapKey(means, vault, inThree)).toEqual(dataKey)
    const [a, b, c] = inThree.wrapped.split('.')
    for (const wrapped of [`${b}.${a}.${c}`, `${a}.${a}.${a}`, `${c}.${a}.${b}`]) {
      await expect(unwrapKey(means, vault, { ...inThree, wrapped })).rejects.toMatchObject(notAuthentic)
    }
    const reordered = { ...inThree, keyStores: ['globex', 'acme', 'initech'] }
    await expect(unwrapKey(means, vault, reordered)).rejects.toMatchObject(notAuthentic)
    await expect(unwrapKey(means, vault, { ...inThree, keyStores: ['acme'], wrapped: a ?? '' })).rejects.toMatchObject(
      notAuthentic,
    )
  })

  it('that is an empty one now does not have the key of the vault, which is sealed and not damaged', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm()
    const first = await testPawl({ storage, hsm, keyStores: { acme: memoryHsm() } })
    const vault_id = await vaultIn(first, 'acme')
    await first.close()
    await using second = await testPawl({ storage, hsm, keyStores: { acme: memoryHsm() }, seed: 'second' })
    await expect(read(second, vault_id)).rejects.toEqual(sealedBy('acme'))
    await expect(second.owner.secrets.put({ vault_id, path: 'new', value })).rejects.toEqual(sealedBy('acme'))
  })

  it('is not configured under its name any more: the vault is sealed, and open when the name is back', async () => {
    const storage = memoryStorage()
    const [hsm, acme] = [memoryHsm(), memoryHsm()]
    const first = await testPawl({ storage, hsm, keyStores: { acme } })
    const vault_id = await vaultIn(first, 'acme')
    await first.close()
    const second = await testPawl({ storage, hsm, keyStores: { globex: acme }, seed: 'second' })
    await expect(read(second, vault_id)).rejects.toEqual(sealedBy('acme'))
    await second.close()
    await using third = await testPawl({ storage, hsm, keyStores: { acme }, seed: 'third' })
    expect(await read(third, vault_id)).toBe(value)
  })
})
