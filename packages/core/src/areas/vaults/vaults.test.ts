import { nobleCrypto } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import type { Crypto } from '../../ports/crypto.ts'
import { vaultNameTaken, vaultNotFound } from './errors.ts'

// Goal: what the wire contract (core.md §4) says of vaults, as callers see it. Method: a whole engine in memory.

const code = (code: string) => expect.objectContaining({ code })
const isOfValue = (nonce: Uint8Array) => nonce.every((byte) => byte === 0)

describe('making a vault', () => {
  it('gives the maker a vault of their own, with an empty description unless they say more (§4.2)', async () => {
    await using world = await testPawl()
    const vault = await world.owner.vaults.create({ name: '  prod ' })
    expect(vault).toMatchObject({ name: 'prod', description: '', created_by: world.ownerId, created_by_type: 'user' })
    expect(await world.owner.vaults.get({ vault_id: vault.id })).toEqual(vault)
  })

  it('refuses a name that is taken, also with spaces around it, and frees it when the vault goes', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    await expect(world.owner.vaults.create({ name: 'prod ' })).rejects.toSatisfy(vaultNameTaken.is)
    await world.owner.vaults.delete({ vault_id: id })
    await world.owner.vaults.create({ name: 'prod' })
  })

  it('gives a name to exactly one of many who ask at once', async () => {
    await using world = await testPawl()
    const racers = Array.from({ length: 20 }, () => world.owner.vaults.create({ name: 'prod' }))
    const outcomes = await Promise.allSettled(racers)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('keeps names that begin with two underscores for the engine (§4.2, A9)', async () => {
    await using world = await testPawl()
    for (const name of ['__agent-keys', ' __x']) {
      await expect(world.owner.vaults.create({ name })).rejects.toEqual(code('invalid_input'))
    }
  })

  it('takes no name that is empty, too long or could forge a line of a log', async () => {
    await using world = await testPawl()
    for (const name of ['', '   ', 'x'.repeat(256), 'a\nb', 'a\u0000b']) {
      const refused = world.owner.vaults.create({ name })
      await expect(refused).rejects.toThrow(/^name:/)
    }
  })
})

describe('a vault in answers and in the trail', () => {
  it('has exactly the fields of the contract, and no fields about keys by default (§4.2)', async () => {
    await using world = await testPawl()
    const made = await world.owner.vaults.create({ name: 'prod', description: 'Production' })
    expect(JSON.parse(JSON.stringify(made))).toEqual({
      id: made.id,
      name: 'prod',
      description: 'Production',
      created_by: world.ownerId,
      created_by_type: 'user',
      created_at: '2026-01-01T00:00:00.000Z',
      cmek_enabled: false,
    })
  })

  it('shows the progress of a key rotation, with times', async () => {
    await using world = await testPawl()
    const { owner, clock } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    const key = async () => JSON.parse(JSON.stringify(await owner.vaults.getKey({ vault_id })))
    const place = { key_stores: [{ name: 'server', status: 'ok' }] }
    expect(await key()).toEqual({ ...place, key_number: 1 })
    await owner.secrets.put({ vault_id, path: 'a', value: tagged('v') })
    await owner.vaults.rotateKey({ vault_id })
    const counts = { total_values: 0, processed: 0, started_at: '2026-01-01T00:00:00.000Z' }
    expect(await key()).toEqual({ ...place, key_number: 2, change: { status: 'running', ...counts } })
    clock.advance(1_000)
    await world.pawl.runJobs()
    const done = { status: 'completed', completed_at: '2026-01-01T00:00:01.000Z', total_values: 1, processed: 1 }
    expect(await key()).toEqual({ ...place, key_number: 2, change: { ...counts, ...done } })
  })

  it('has an audit event for every operation', async () => {
    await using world = await testPawl()
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.vaults.get({ vault_id })
    await owner.vaults.list({})
    await owner.vaults.keyStores({})
    await owner.vaults.getKey({ vault_id })
    await owner.vaults.rotateKey({ vault_id })
    await owner.vaults.moveKey({ vault_id, key_store: 'acme' })
    await owner.vaults.enableCustody({ vault_id, mpc_custody: '2-of-2' })
    await owner.vaults.delete({ vault_id })
    const { events } = await owner.audit.events({ resource_type: 'vault', actor_id: world.ownerId })
    const shown = events.map(({ action, resource_id, details }) => [action, resource_id, details] as const).reverse()
    expect(shown).toMatchObject([
      ['vault.create', vault_id, { name: 'prod' }],
      ['vault.read', vault_id, {}],
      ['vault.list', '', {}],
      ['vault.key_stores_list', '', {}],
      ['vault.key_read', vault_id, {}],
      ['vault.rotate_key', vault_id, { key_number: 2 }],
      ['vault.move_key', vault_id, { key_store: 'acme' }],
      ['vault.enable_custody', vault_id, { custody: '2-of-2' }],
      ['vault.delete', vault_id, {}],
    ])
  })

  it('cannot be created by an agent that is limited to vaults, and the error says why', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const bound = await world.agent({ vault_ids: [id] })
    await expect(bound.as.vaults.create({ name: 'more' })).rejects.toThrow(/limited to its vaults \(vault_ids\)/)
  })
})

describe('what attackers and newcomers found', () => {
  it('M1: an agent that is limited to vaults creates none outside its limit', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const bound = await world.agent({ vault_ids: [id] })
    await expect(bound.as.vaults.create({ name: 'default' })).rejects.toEqual(code('denied'))
  })

  it('M1: a vault of another agent comes last in every list, because clients take the first as their default', async () => {
    await using world = await testPawl()
    const mallory = await world.agent()
    const bot = await world.agent()
    const { id: vault_id } = await mallory.as.vaults.create({ name: 'default' })
    const grant = {
      secret_path_pattern: '**',
      principal_type: 'agent' as const,
      principal_id: bot.id,
      permissions: ['read' as const],
    }
    const offer = await mallory.as.policies.create({ ...grant, vault_id })
    await bot.as.policies.accept({ policy_id: offer.id })
    world.clock.advance(1)
    const { id: prod } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.policies.create({ ...grant, vault_id: prod })
    world.clock.advance(1)
    const { id: own } = await bot.as.vaults.create({ name: 'own' })
    const ids = async (as: typeof world.owner) => (await as.vaults.list({})).vaults.map(({ id }) => id)
    expect(await ids(bot.as)).toEqual([prod, own, vault_id])
    expect((await ids(world.owner)).slice(0, 3)).toEqual([prod, vault_id, own])
    const { vault_ids } = await world.pawl.as({}).auth.agentToken({ api_key: bot.key })
    expect(vault_ids).toEqual([prod, own, vault_id])
  })

  it('M14: an agent creates no more vaults than the settings allow, however many calls it makes at once', async () => {
    await using world = await testPawl({ agentVaultsMax: 3 })
    const bot = await world.agent()
    const make = (name: string) =>
      bot.as.vaults.create({ name }).then(
        (made) => made.id,
        (error) => error.code,
      )
    const made = await Promise.all(Array.from({ length: 12 }, (_, at) => make(`v${at}`)))
    const ids = made.filter((one) => one !== 'resource_limit_exceeded')
    expect(ids).toHaveLength(3)
    await bot.as.vaults.delete({ vault_id: ids[0] ?? '' })
    expect(await make('again')).not.toBe('resource_limit_exceeded')
    expect(await make('more')).toBe('resource_limit_exceeded')
    for (let at = 0; at < 5; at++) await world.owner.vaults.create({ name: `human-${at}` })
  })

  it('M15: the vaults and agents of a removed member pass on to an owner', async () => {
    await using world = await testPawl()
    const bob = await world.member()
    const { id: vault_id } = await bob.as.vaults.create({ name: 'bobs' })
    const { agent } = await bob.as.agents.create({ name: 'bobs' })
    await bob.as.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    await world.owner.orgs.removeMember({ user_id: bob.id })
    expect(await world.owner.vaults.get({ vault_id })).toMatchObject({ created_by: world.ownerId })
    await world.owner.secrets.get({ vault_id, path: 'a' })
    await world.owner.policies.list({ vault_id })
    await world.pawl.as({ agent: agent.id }).agents.me()
    const { events } = await world.owner.audit.events({})
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['vault.pass_on', 'agent.pass_on']))
  })

  it('M15: the vaults of a removed agent pass on to the user who created it, and then to an owner', async () => {
    await using world = await testPawl()
    const bob = await world.member()
    const { agent } = await bob.as.agents.create({ name: 'bobs' })
    const { id: vault_id } = await world.pawl.as({ agent: agent.id }).vaults.create({ name: 'of the agent' })
    await bob.as.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    await bob.as.agents.delete({ agent_id: agent.id })
    expect(await bob.as.vaults.get({ vault_id })).toMatchObject({ created_by: bob.id, created_by_type: 'user' })
    await bob.as.policies.list({ vault_id })
    expect((await bob.as.secrets.get({ vault_id, path: 'a' })).value.reveal()).toBe(tagged('x'))
    await world.owner.orgs.removeMember({ user_id: bob.id })
    expect(await world.owner.vaults.get({ vault_id })).toMatchObject({ created_by: world.ownerId })
    await world.owner.secrets.get({ vault_id, path: 'a' })
  })

  it('M17: no name looks like another one: invisible characters and changes of direction are refused', async () => {
    await using world = await testPawl()
    const { owner } = world
    const tricks = ['\u202e', '\u2066', '\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u3164', '\u{e0041}']
    for (const trick of tricks) {
      const name = `pr${trick}od`
      for (const call of [
        owner.vaults.create({ name }),
        owner.agents.create({ name }),
        owner.auth.createApiKey({ name }),
        owner.auth.updateMe({ display_name: name }),
      ]) {
        await expect(call, JSON.stringify(trick)).rejects.toEqual(code('invalid_input'))
      }
    }
    await owner.vaults.create({ name: 'Tresor für Zoë · 保管庫 🔐' })
  })

  it('S3: ids are taken in capitals too, and a malformed one names no vault', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    expect((await world.owner.vaults.get({ vault_id: id.toUpperCase() })).id).toBe(id)
    await world.owner.secrets.put({ vault_id: id.toUpperCase(), path: 'a', value: tagged('x') })
    for (const vault_id of ['bad-id', '', '\u0000', 'x'.repeat(255)]) {
      await expect(world.owner.vaults.get({ vault_id })).rejects.toSatisfy(vaultNotFound.is)
    }
    await expect(world.owner.vaults.delete({ vault_id: 'bad-id' })).rejects.toEqual(code('invalid_input'))
  })

  it('S4: an unknown vault and one without a policy give the same answer', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const { id: other } = await world.owner.vaults.create({ name: 'other' })
    await world.owner.secrets.put({ vault_id: id, path: 'a', value: tagged('x') })
    const unknown = '00000000-0000-4000-8000-000000000000'
    const callers = [
      await world.agent(),
      await world.agent({ scopes: ['b/**'] }),
      await world.agent({ vault_ids: [other] }),
      await world.member(),
    ]
    for (const { as } of callers) {
      const asks = (vault_id: string) =>
        [
          as.secrets.get({ vault_id, path: 'a' }),
          as.secrets.put({ vault_id, path: 'a', value: tagged('y') }),
          as.secrets.delete({ vault_id, path: 'a' }),
          as.secrets.list({ vault_id }),
          as.vaults.get({ vault_id }),
          as.policies.list({ vault_id }),
          as.policies.explain({ vault_id, path: 'a' }),
        ].map((call) => call.then(String, ({ code, message }: Error & { code: string }) => `${code}: ${message}`))
      expect(await Promise.all(asks(unknown))).toEqual(await Promise.all(asks(id)))
    }
  })

  it('S7, S15: vaults of the engine come last, and a list can be read in parts', async () => {
    await using world = await testPawl()
    await world.agent()
    for (const name of ['one', 'two']) {
      world.clock.advance(1)
      await world.owner.vaults.create({ name })
    }
    const names = async (part: { limit?: number; offset?: number } = {}) =>
      (await world.owner.vaults.list(part)).vaults.map(({ name }) => name)
    expect(await names()).toEqual(['one', 'two', '__agent-keys'])
    expect(await names({ limit: 1 })).toEqual(['one'])
    expect(await names({ limit: 2, offset: 1 })).toEqual(['two', '__agent-keys'])
  })

  it('S13: the vaults of a token come in the order in which they were opened', async () => {
    await using world = await testPawl()
    const bot = await world.agent()
    const opened: string[] = []
    for (let at = 0; at < 6; at++) {
      world.clock.advance(1)
      const { id: vault_id } = await world.owner.vaults.create({ name: `v${at}` })
      opened.push(vault_id)
    }
    opened.reverse()
    for (const vault_id of opened) {
      world.clock.advance(1)
      await world.owner.policies.create({
        vault_id,
        secret_path_pattern: '**',
        principal_type: 'agent',
        principal_id: bot.id,
        permissions: ['read'],
      })
    }
    const { vault_ids } = await world.pawl.as({}).auth.agentToken({ api_key: bot.key })
    expect(vault_ids).toEqual(opened)
  })
})

describe('seeing vaults', () => {
  it('shows owners and admins every vault, members their own and what a live policy opens (§4.2)', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const admin = await world.member({ role: 'admin' })
    const member = await world.member({ role: 'member' })
    world.clock.advance(1)
    const own = await member.as.vaults.create({ name: 'mine' })
    expect(await names(admin.as)).toEqual(['prod', 'mine'])
    expect(await names(member.as)).toEqual(['mine'])
    await grant(world, id, 'user', member.id)
    expect(await names(member.as)).toEqual(['prod', 'mine'])
    expect(own.created_by).toBe(member.id)
  })

  it('does not tell members of vaults that do not concern them from vaults that are not there (D15)', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const member = await world.member({ role: 'member' })
    const hidden = await member.as.vaults.get({ vault_id: id }).catch((error) => error)
    const absent = await member.as.vaults.get({ vault_id: world.ownerId }).catch((error) => error)
    expect(hidden.message).toBe(absent.message)
    expect(vaultNotFound.is(hidden) && vaultNotFound.is(absent)).toBe(true)
  })

  it('confines a bound agent to its vaults and those it made before (§3.13.4)', async () => {
    await using world = await testPawl()
    const a = await world.owner.vaults.create({ name: 'a' })
    const b = await world.owner.vaults.create({ name: 'b' })
    const agent = await world.agent()
    world.clock.advance(1)
    const own = await agent.as.vaults.create({ name: 'own' })
    await world.owner.agents.update({ agent_id: agent.id, vault_ids: [a.id] })
    await grant(world, a.id, 'agent', agent.id)
    await grant(world, b.id, 'agent', agent.id)
    await expect(agent.as.vaults.get({ vault_id: b.id })).rejects.toEqual(code('denied'))
    expect(await names(agent.as)).toEqual(['a', 'own'])
    await agent.as.secrets.put({ vault_id: own.id, path: 'x', value: tagged('y') })
  })
})

describe('an agent that makes a vault', () => {
  it('owns it, and lets in the human who made the agent (§4.2)', async () => {
    await using world = await testPawl()
    const human = await world.member({ role: 'member' })
    const made = await human.as.agents.create({ name: 'builder' })
    const agent = world.pawl.as({ agent: made.agent.id })
    const { id } = await agent.vaults.create({ name: 'built' })
    await agent.secrets.put({ vault_id: id, path: 'x', value: tagged('y') })
    const { value } = await human.as.secrets.get({ vault_id: id, path: 'x' })
    expect(value.reveal()).toBe(tagged('y'))
    expect(await names(human.as)).toEqual(['built'])
  })
})

describe('deleting a vault', () => {
  it('deletes all its records, also after a key rotation. A deleted agent leaves no count of vaults', async () => {
    await using world = await testPawl({ agentVaultsMax: 1 })
    const bot = await world.agent()
    await bot.as.vaults.create({ name: 'built' })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.vaults.rotateKey({ vault_id })
    await world.pawl.runJobs()
    expect(world.storedKinds()).toMatchObject({ vaultKeyChange: 1, agentVaults: 1 })
    await world.owner.agents.delete({ agent_id: bot.id })
    expect(world.storedKinds()).not.toHaveProperty('agentVaults')
    await world.owner.vaults.delete({ vault_id })
    const kept = world.storedKinds()
    for (const kind of ['vaultKeyChange', 'agentVaults']) expect(kept).not.toHaveProperty(kind)
  })

  it('is for its owner and for owners and admins of the organisation; agents delete what they made', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const member = await world.member({ role: 'member' })
    const agent = await world.agent()
    await grant(world, id, 'user', member.id)
    await grant(world, id, 'agent', agent.id)
    await expect(member.as.vaults.delete({ vault_id: id })).rejects.toEqual(code('denied'))
    await expect(agent.as.vaults.delete({ vault_id: id })).rejects.toEqual(code('denied'))
    const admin = await world.member({ role: 'admin' })
    await admin.as.vaults.delete({ vault_id: id })
  })

  it('takes its secrets and policies with it, and nothing else (C8)', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'gone' })
    const kept = await world.owner.vaults.create({ name: 'kept' })
    const member = await world.member({ role: 'member' })
    await world.owner.secrets.put({ vault_id: kept.id, path: 'a', value: tagged('stays') })
    for (let at = 0; at < 70; at++) {
      await world.owner.secrets.put({ vault_id: id, path: `s/${at}`, value: tagged('v') })
      await grant(world, id, 'user', member.id)
    }
    await world.owner.vaults.delete({ vault_id: id })
    await expect(world.owner.secrets.get({ vault_id: id, path: 's/1' })).rejects.toSatisfy(vaultNotFound.is)
    expect(world.storedKinds()).toMatchObject({ secret: 1, secretVersion: 1, vault: 1 })
    expect(world.storedKinds().policy ?? 0).toBe(0)
    const { value } = await world.owner.secrets.get({ vault_id: kept.id, path: 'a' })
    expect(value.reveal()).toBe(tagged('stays'))
  })

  it('leaves no key of it behind, not even one that was made for a rotation that came to nothing', async () => {
    let isBroken = false
    const onCommit = (kind: string) => {
      if (isBroken && kind === 'vaultKeys') throw new Error('cut off')
    }
    await using world = await testPawl({ onCommit })
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    isBroken = true
    await expect(world.owner.vaults.rotateKey({ vault_id: id })).rejects.toEqual(code('unavailable'))
    isBroken = false
    const uri = (number: number) => `pawl:vault/${world.org}/${id}/${number}`
    const wrap = (number: number) => world.hsm.wrap(uri(number), new Uint8Array(1), new Uint8Array())
    await wrap(2)
    await world.owner.vaults.delete({ vault_id: id })
    for (const number of [1, 2]) await expect(wrap(number)).rejects.toMatchObject({ failure: 'key_missing' })
  })

  it('wins against a write that is under way: the value is refused, not stored under keys that are gone', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, at) =>
        world.owner.secrets.put({ vault_id: id, path: `s/${at}`, value: tagged('v') }),
      ),
      world.owner.vaults.delete({ vault_id: id }),
    ])
    expect(outcomes.at(-1)?.status).toBe('fulfilled')
    await world.pawl.runJobs()
    expect(world.storedKinds()).not.toHaveProperty('secretVersion')
  })
})

describe('a data key', () => {
  it('encrypts one value only, however many are written at once, before and after a rotation (M22)', async () => {
    const used: string[] = []
    const crypto: Crypto = {
      ...nobleCrypto,
      encrypt: (key, nonce, ...rest) => {
        if (isOfValue(nonce)) used.push(String(key))
        return nobleCrypto.encrypt(key, nonce, ...rest)
      },
    }
    await using world = await testPawl({ crypto })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const write = (at: number) => world.owner.secrets.put({ vault_id, path: `s/${at % 40}`, value: tagged('same') })
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 80 }, (_, at) => write(at)))
      await world.owner.vaults.rotateKey({ vault_id })
    }
    expect(used.length).toBeGreaterThanOrEqual(240)
    expect(new Set(used).size).toBe(used.length)
  })
})

describe('rotating the key of a vault', () => {
  it('keeps every value readable, decrypts none, and leaves nothing under the old key', async () => {
    const written: string[] = []
    let opened = 0
    const crypto: Crypto = {
      ...nobleCrypto,
      decrypt: (key, nonce, ...rest) => {
        if (isOfValue(nonce)) opened++
        return nobleCrypto.decrypt(key, nonce, ...rest)
      },
    }
    await using world = await testPawl({ crypto, onCommit: (kind) => written.push(kind) })
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    for (let at = 0; at < 60; at++)
      await world.owner.secrets.put({ vault_id: id, path: `s/${at}`, value: tagged(`v${at}`) })
    written.length = 0
    expect(await world.owner.vaults.rotateKey({ vault_id: id })).toEqual({ key_number: 2 })
    await world.pawl.runJobs()
    expect(written.filter((kind) => kind === 'secretVersion')).toHaveLength(60)
    expect(opened).toBe(0)
    for (let at = 0; at < 60; at++) {
      const { value } = await world.owner.secrets.get({ vault_id: id, path: `s/${at}` })
      expect(value.reveal()).toBe(tagged(`v${at}`))
    }
    await expect(
      world.hsm.wrap(`pawl:vault/${world.org}/${id}/1`, new Uint8Array(1), new Uint8Array()),
    ).rejects.toThrow()
  })

  it('is for people who manage the vault, and the refusal is in the trail', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { as: stranger, id } = await world.member()
    await expect(stranger.vaults.rotateKey({ vault_id })).rejects.toMatchObject({ kind: 'not_found' })
    const { events } = await world.owner.audit.events({ action: 'vault.rotate_key', actor_id: id })
    expect(events).toMatchObject([{ details: { outcome: expect.any(String) } }])
  })

  it('goes on while values are read and written', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id: id, path: 'fixed', value: tagged('v') })
    const writes = Array.from({ length: 30 }, (_, at) =>
      world.owner.secrets.put({ vault_id: id, path: `s/${at}`, value: tagged('w') }),
    )
    const reads = Array.from({ length: 30 }, () => world.owner.secrets.get({ vault_id: id, path: 'fixed' }))
    await Promise.all([...writes, ...reads, world.owner.vaults.rotateKey({ vault_id: id })])
    await world.pawl.runJobs()
    for (let at = 0; at < 30; at++) await world.owner.secrets.get({ vault_id: id, path: `s/${at}` })
  })
})

async function names(as: World['owner']): Promise<string[]> {
  return (await as.vaults.list()).vaults.map(({ name }) => name)
}

async function grant(world: World, vaultId: string, principal_type: 'user' | 'agent', principal_id: string) {
  const policy = { secret_path_pattern: '**', principal_type, principal_id, permissions: ['read' as const] }
  await world.owner.policies.create({ vault_id: vaultId, ...policy })
}
