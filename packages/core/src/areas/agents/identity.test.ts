import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { base64, fromBase64 } from '../../kernel/bytes.ts'
import { nobleCrypto, seededRandom } from '../../ports/reference/index.ts'
import { newIdentity } from './identity.ts'

// Goal: the identity keys of agents are what they say they are, lie where the contract has them, and an agent that must
// not read keys does not read these. Method: a whole engine in memory, and noble's curves as the judge.

const code = (code: string) => expect.objectContaining({ code })
const bytes = (text = '') => fromBase64(text) ?? new Uint8Array(0)

async function keysOf(world: World, agentId: string) {
  const { vault_id } = await world.owner.agents.agentKeysVault()
  const at = (kind: string) => ({ vault_id, path: `agents/${agentId}/${kind}/private_key` })
  return { vault_id, ssh: at('ssh'), ecdh: at('ecdh') }
}

describe('the identity keys of an agent', () => {
  it('are an Ed25519 and a P-256 pair whose private halves lie in __agent-keys (§8.5)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const agent = await world.owner.agents.get({ agent_id: id })
    const places = await keysOf(world, id)
    const ssh = await world.owner.secrets.get(places.ssh)
    const ecdh = await world.owner.secrets.get(places.ecdh)
    expect([ssh.type, ecdh.type]).toEqual(['ssh_key', 'private_key'])
    expect([bytes(agent.ssh_public_key).length, bytes(agent.ecdh_public_key).length]).toEqual([32, 65])
    expect(base64(ed25519.getPublicKey(bytes(ssh.value.reveal())))).toBe(agent.ssh_public_key)
    expect(base64(p256.getPublicKey(bytes(ecdh.value.reveal()), false))).toBe(agent.ecdh_public_key)
  })

  it('are made for every agent, however it signs in', async () => {
    await using world = await testPawl()
    const { id } = await world.agent({ auth_method: 'mtls', client_cert_fingerprint: 'ab' })
    expect((await world.owner.secrets.get((await keysOf(world, id)).ssh)).version).toBe(1)
  })

  it('get another version each when they are rotated, and the old ones stay readable for people', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const places = await keysOf(world, id)
    const before = await world.owner.agents.get({ agent_id: id })
    const after = await world.owner.agents.rotateIdentityKeys({ agent_id: id })
    expect(after).toEqual({
      ...before,
      ssh_public_key: expect.not.stringMatching(before.ssh_public_key ?? ''),
      ecdh_public_key: expect.not.stringMatching(before.ecdh_public_key ?? ''),
    })
    const ssh = await world.owner.secrets.get(places.ssh)
    expect(ssh.version).toBe(2)
    expect(base64(ed25519.getPublicKey(bytes(ssh.value.reveal())))).toBe(after.ssh_public_key)
    const old = await world.owner.secrets.getVersion({ ...places.ssh, version: 1 })
    expect(base64(ed25519.getPublicKey(bytes(old.value.reveal())))).toBe(before.ssh_public_key)
  })

  it('go with the agent, and an admin can bring them back', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const places = await keysOf(world, id)
    await world.owner.agents.delete({ agent_id: id })
    await expect(world.owner.secrets.get(places.ssh)).rejects.toEqual(code('secret_gone'))
    await expect(world.owner.secrets.get(places.ecdh)).rejects.toEqual(code('secret_gone'))
    await world.owner.secrets.restore(places.ssh)
    expect((await world.owner.secrets.get(places.ssh)).version).toBe(1)
  })

  it('are drawn again when the scalar is none of the curve', () => {
    const random = seededRandom('identity')
    const draws = [random.bytes(32), new Uint8Array(32), new Uint8Array(32).fill(0xff), random.bytes(32)]
    const last = base64(draws[3] as Uint8Array)
    const identity = newIdentity({ crypto: nobleCrypto, random: { bytes: () => draws.shift() as Uint8Array } })
    expect(identity.ecdh.privateKey.reveal()).toBe(last)
    expect(JSON.stringify(identity)).not.toContain(last)
  })
})

describe('the vault of agent keys', () => {
  it('is made with the first agent, once, even when many are made at the same moment', async () => {
    await using world = await testPawl()
    await expect(world.owner.agents.agentKeysVault()).rejects.toEqual(code('agent_keys_vault_not_found'))
    await Promise.all(Array.from({ length: 8 }, () => world.agent()))
    const { vaults } = await world.owner.vaults.list()
    expect(vaults.map(({ name }) => name)).toEqual(['__agent-keys'])
    expect(await world.owner.agents.agentKeysVault()).toEqual({ vault_id: vaults[0]?.id })
    expect((await world.owner.secrets.list({ vault_id: vaults[0]?.id ?? '' })).secrets).toHaveLength(16)
    const { events } = await world.owner.audit.events({ action: 'vault.create' })
    expect(events).toMatchObject([{ resource_id: vaults[0]?.id, actor_id: world.ownerId }])
  })

  it('is open to owners and admins, and to nobody else: not to members, not to whoever made the agent (§8.5)', async () => {
    await using world = await testPawl()
    const member = await world.member()
    const admin = await world.member({ role: 'admin' })
    const { agent } = await member.as.agents.create({ name: 'mine' })
    const { ssh, vault_id } = await keysOf(world, agent.id)
    await admin.as.secrets.get(ssh)
    await expect(member.as.secrets.get(ssh)).rejects.toEqual(code('denied'))
    await expect(world.pawl.as({ agent: agent.id }).secrets.get(ssh)).rejects.toEqual(code('denied'))
    await expect(member.as.vaults.get({ vault_id })).rejects.toEqual(code('vault_not_found'))
    const { owner } = await world.otherOrg()
    await expect(owner.secrets.get(ssh)).rejects.toEqual(code('vault_not_found'))
    await expect(owner.agents.agentKeysVault()).rejects.toEqual(code('agent_keys_vault_not_found'))
  })

  it('comes back with the next agent when it was deleted', async () => {
    await using world = await testPawl()
    await world.agent()
    const { vault_id } = await world.owner.agents.agentKeysVault()
    await world.owner.vaults.delete({ vault_id })
    const { id } = await world.agent()
    const places = await keysOf(world, id)
    expect(places.vault_id).not.toBe(vault_id)
    expect((await world.owner.secrets.get(places.ssh)).version).toBe(1)
  })
})

describe('an agent that uses keys through intents', () => {
  const denied = code('key_material_denied')

  it('reads no key, its own or others, whatever a policy says (§5.2.9)', async () => {
    await using world = await testPawl()
    const { id: vault } = await world.owner.vaults.create({ name: 'prod' })
    for (const type of ['private_key', 'ssh_key', 'password']) {
      await world.owner.secrets.put({ vault_id: vault, path: type, value: tagged('x'), type })
    }
    const agent = await world.agent({ vault, intents_api_enabled: true })
    const own = await keysOf(world, agent.id)
    const grant = { principal_type: 'agent', principal_id: agent.id, permissions: ['read' as const] } as const
    await world.owner.policies.create({
      ...grant,
      permissions: ['read'],
      vault_id: own.vault_id,
      secret_path_pattern: `agents/${agent.id}/**`,
    })
    const at = (path: string) => ({ vault_id: vault, path })
    for (const place of [own.ssh, own.ecdh, at('private_key'), at('ssh_key')]) {
      await expect(agent.as.secrets.get(place)).rejects.toEqual(denied)
      await expect(agent.as.secrets.getVersion({ ...place, version: 1 })).rejects.toEqual(denied)
    }
    expect((await agent.as.secrets.get(at('password'))).value.reveal()).toBe(tagged('x'))
    await world.owner.agents.update({ agent_id: agent.id, intents_api_enabled: false })
    expect((await agent.as.secrets.get(own.ssh)).type).toBe('ssh_key')
  })

  it('reads no older version that was a key, after the secret was rewritten as something else (§5.2.9)', async () => {
    await using world = await testPawl()
    const { id: vault } = await world.owner.vaults.create({ name: 'prod' })
    const policies = [{ pattern: '**', permissions: ['read' as const, 'write' as const] }]
    const agent = await world.agent({ vault, intents_api_enabled: true, policies })
    const place = { vault_id: vault, path: 'wallet' }
    await world.owner.secrets.put({ ...place, value: tagged('the key'), type: 'private_key' })
    await agent.as.secrets.put({ ...place, value: tagged('a note'), type: 'note', leave_key_type: true })
    expect((await agent.as.secrets.get(place)).value.reveal()).toBe(tagged('a note'))
    await expect(agent.as.secrets.getVersion({ ...place, version: 1 })).rejects.toEqual(denied)
    await world.owner.secrets.disableVersion({ ...place, version: 2 })
    await expect(agent.as.secrets.get(place)).rejects.toEqual(denied)
  })
})
