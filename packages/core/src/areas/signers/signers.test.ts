import { secp256k1 } from '@noble/curves/secp256k1.js'
import { memoryChain, noChains } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { NETWORK, TEST_NETWORK, WIF } from '@scure/btc-signer'
import { describe, expect, it } from 'vitest'

// Goal: a signing key is made, found, replaced and ended by those who may, and its private part leaves the vault only by
// an export that a human confirms. Method: a whole engine in memory.

const password = 'Correct-Horse-1815'
const key = '0101010101010101010101010101010101010101010101010101010101010101'
const address = '0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1'

async function keyWorld() {
  const world = await testPawl()
  await world.pawl.setOwnerPassword(password)
  const { access_token } = await world.pawl.as({}).auth.token({ email: 'owner@example.com', password })
  const human = world.pawl.as(access_token.reveal())
  const shop = await world.agent({ name: 'shop', intents_api_enabled: true })
  const ref = { agent_id: shop.id, chain: 'ethereum' } as const
  return { ...world, human, shop, ref }
}

describe('a signing key', () => {
  it('has the fields of the contract, one active key for each chain, and an address (web3.md 3)', async () => {
    await using world = await keyWorld()
    const { owner, shop, ref } = world
    const made = await owner.signers.create(ref)
    expect(made).toEqual({
      id: expect.any(String),
      agent_id: shop.id,
      chain: 'ethereum',
      curve: 'secp256k1',
      public_key: expect.stringMatching(/^04[0-9a-f]{128}$/),
      address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      key_version: 1,
      is_active: true,
      custody: 'vault',
      created_at: '2026-01-01T00:00:00.000Z',
    })
    expect(await owner.signers.list({ agent_id: shop.id })).toEqual({ keys: [made] })
    expect(await shop.as.signers.list({ agent_id: 'me' })).toEqual({ keys: [made] })
    const again = owner.signers.create({ ...ref, chain: 'evm' })
    await expect(again).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('already') })
  })

  it('is replaced by a rotation, which keeps the old address on record', async () => {
    await using world = await keyWorld()
    const { owner, ref } = world
    const first = await owner.signers.create(ref)
    const second = await owner.signers.rotate(ref)
    expect(second).toMatchObject({ key_version: 2, is_active: true })
    expect(second.address).not.toBe(first.address)
    const { keys } = await owner.signers.list({ agent_id: ref.agent_id })
    expect(keys).toMatchObject([{ key_version: 1, is_active: false, rotated_at: expect.any(String) }, second])
  })

  it('ends when it is deactivated, and the next one counts on', async () => {
    await using world = await keyWorld()
    const { owner, ref } = world
    await owner.signers.create(ref)
    await owner.signers.deactivate(ref)
    await expect(owner.signers.rotate(ref)).rejects.toMatchObject({ code: 'signing_key_not_found' })
    expect(await owner.signers.create(ref)).toMatchObject({ key_version: 2 })
  })

  it('is made by an agent only for the chains that a human allowed', async () => {
    await using world = await keyWorld()
    const { owner, shop, ref } = world
    const own = { agent_id: 'me', chain: 'ethereum' } as const
    await expect(shop.as.signers.create(own)).rejects.toMatchObject({ kind: 'denied' })
    await owner.agents.update({ agent_id: shop.id, signing_chains: ['evm'] } as never)
    expect(await shop.as.signers.create(own)).toMatchObject({ agent_id: shop.id })
    expect(await shop.as.signers.rotate(own)).toMatchObject({ key_version: 2 })
    await expect(shop.as.signers.deactivate(ref)).rejects.toMatchObject({ kind: 'denied' })
  })

  it('does not exist for other agents, members and organisations', async () => {
    await using world = await keyWorld()
    const { owner, ref } = world
    await owner.signers.create(ref)
    const strangers = [(await world.agent()).as, (await world.member()).as, (await world.otherOrg()).owner]
    for (const stranger of strangers) {
      await expect(stranger.signers.list({ agent_id: ref.agent_id })).rejects.toMatchObject({ code: 'agent_not_found' })
      await expect(stranger.signers.rotate(ref)).rejects.toMatchObject({ code: 'agent_not_found' })
    }
  })
})

describe('the private key', () => {
  it('is exported only to a human who proves who they are, and it is the key of the address', async () => {
    await using world = await keyWorld()
    const { owner, human, shop, ref } = world
    const { public_key } = await owner.signers.create(ref)
    await expect(human.signers.export(ref)).rejects.toMatchObject({ code: 'confirmation_needed' })
    await expect(human.signers.export({ ...ref, auth_confirm: 'wrong' })).rejects.toMatchObject({ kind: 'denied' })
    await expect(shop.as.signers.export({ ...ref, auth_confirm: password })).rejects.toMatchObject({ kind: 'denied' })
    const exported = await human.signers.export({ ...ref, auth_confirm: password })
    expect(exported).toMatchObject({ ...ref, public_key, key_version: 1 })
    const bytes = Buffer.from(exported.private_key.reveal(), 'hex')
    expect(Buffer.from(secp256k1.getPublicKey(bytes, false)).toString('hex')).toBe(public_key)
  })

  it('is no secret that anyone reads: no owner, no policy, not by its path (point 11)', async () => {
    await using world = await keyWorld()
    const { owner, shop, ref, ownerId } = world
    await owner.signers.create(ref)
    const { vault_id } = await owner.agents.agentKeysVault({})
    const path = `agents/${shop.id}/chains/ethereum/private_key`
    await expect(owner.secrets.get({ vault_id, path })).rejects.toMatchObject({ code: 'key_material_denied' })
    await expect(owner.secrets.getVersion({ vault_id, path, version: 1 })).rejects.toMatchObject({ kind: 'denied' })
    const grant = { vault_id, secret_path_pattern: '**', permissions: ['read' as const] }
    await owner.policies.create({ ...grant, principal_type: 'agent', principal_id: shop.id })
    await expect(shop.as.secrets.get({ vault_id, path })).rejects.toMatchObject({ kind: 'denied' })
    const share = { vault_id, path, recipient_type: 'user' as const, recipient_id: ownerId }
    await expect(owner.sharing.create(share as never)).rejects.toMatchObject({ kind: expect.any(String) })
    const value = tagged('value')
    const stored = owner.secrets.put({ vault_id, path: 'x', value, type: 'signing_key' })
    await expect(stored).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('is imported with a proof, and only if it has the address that the human expects (I13)', async () => {
    await using world = await keyWorld()
    const { owner, human, ref } = world
    const wanted = { ...ref, private_key: `0x${key}`, auth_confirm: password }
    await expect(human.signers.import({ ...ref, private_key: key })).rejects.toMatchObject({ kind: 'denied' })
    const other = '0x000000000000000000000000000000000000dEaD'
    await expect(human.signers.import({ ...wanted, address: other })).rejects.toMatchObject({ kind: 'invalid' })
    expect(await owner.signers.list({ agent_id: ref.agent_id })).toEqual({ keys: [] })
    expect(await human.signers.import({ ...wanted, address: address.toLowerCase() })).toMatchObject({ address })
    expect((await human.signers.export({ ...ref, auth_confirm: password })).private_key.reveal()).toBe(key)
    await expect(human.signers.import(wanted)).rejects.toMatchObject({ kind: 'conflict' })
  })

  it.each([
    '00',
    '0'.repeat(64),
    'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
    'zz'.repeat(32),
    `${'01'.repeat(32)}00`,
  ])('is refused where it is no key of the curve: %s', async (private_key) => {
    await using world = await keyWorld()
    const imported = world.human.signers.import({ ...world.ref, private_key, auth_confirm: password })
    await expect(imported).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.not.stringContaining(private_key),
    })
  })

  it('of Bitcoin can come as WIF, of both networks (web3.md 3.1)', async () => {
    for (const network of [NETWORK, TEST_NETWORK]) {
      const wif = WIF(network).encode(Buffer.from(key, 'hex'))
      await using world = await keyWorld()
      const { human, ref } = world
      const wanted = { ...ref, private_key: wif, format: 'wif', auth_confirm: password } as const
      await expect(human.signers.import(wanted)).rejects.toMatchObject({
        data: { fields: { format: expect.stringMatching(/bitcoin/) } },
      })
      const bitcoin = { ...wanted, chain: 'bitcoin' } as const
      const wrong = human.signers.import({ ...bitcoin, private_key: wif.replace(/.$/, 'a') })
      await expect(wrong).rejects.toMatchObject({
        data: { fields: { private_key: expect.stringMatching(/checksum/) } },
      })
      await human.signers.import(bitcoin)
      const exported = await human.signers.export({ ...ref, chain: 'bitcoin', auth_confirm: password })
      expect(exported.private_key.reveal()).toBe(key)
    }
  })

  it('in the key store is made there and never leaves it', async () => {
    await using world = await keyWorld()
    const { owner, human, ref } = world
    const made = await owner.signers.create({ ...ref, custody: 'hsm' })
    expect(made).toMatchObject({ custody: 'hsm', public_key: expect.stringMatching(/^04/) })
    const exported = human.signers.export({ ...ref, auth_confirm: password })
    await expect(exported).rejects.toMatchObject({ code: 'signing_key_in_hsm' })
    expect(await owner.signers.rotate(ref)).toMatchObject({ custody: 'hsm', key_version: 2 })
  })
})

describe('the balance of a signing key', () => {
  it('is what a node says, in the smallest unit and in ether', async () => {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    await using world = await testPawl({ chains: ({ name }) => (name === 'base' ? base : null) })
    const { id: agent_id, as } = await world.agent()
    const made = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
    const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
    base.fund(made.address, 15n * 10n ** 17n)
    base.fund(made.address, 7n, token)
    expect(await as.signers.balance({ agent_id: 'me', chain: 'base', tokens: token.toLowerCase() })).toEqual({
      chain: 'base',
      address: made.address,
      balance_wei: '1500000000000000000',
      balance_display: '1.5',
      tokens: [{ contract_address: token, balance: '7', symbol: 'USDC', decimals: 6 }],
    })
  })

  it('is never made up: without a node, the answer names the setting', async () => {
    await using world = await testPawl({ chains: noChains })
    const { id: agent_id } = await world.agent()
    await world.owner.signers.create({ agent_id, chain: 'ethereum' })
    const asked = world.owner.signers.balance({ agent_id, chain: 'base-sepolia' })
    await expect(asked).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('PAWL_RPC_BASE_SEPOLIA'),
    })
  })
})
