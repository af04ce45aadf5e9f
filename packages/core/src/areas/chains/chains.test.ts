import { keccak_256 } from '@noble/hashes/sha3.js'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../../kernel/bytes.ts'
import { builtInTokens } from './built-in.ts'

const local = { name: 'local', display_name: 'Local', chain_id: 31_337 }
const denied = expect.objectContaining({ kind: 'denied' })
const notFound = expect.objectContaining({ code: 'chain_not_found' })

/** EIP-55: the case of each letter comes from a hash of the address, so a mistyped address does not pass. */
function withChecksum(address: string): string {
  const digits = address.slice(2).toLowerCase()
  const hash = hex(keccak_256(utf8(digits)))
  const shown = [...digits].map((digit, at) =>
    Number.parseInt(hash[at] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return `0x${shown.join('')}`
}

describe('the registry of chains', () => {
  it('has the seven chains of the contract and those without numbers, for every caller', async () => {
    await using world = await testPawl()
    const { chains } = await world.pawl.as({ bearer: null }).chains.list()
    const numbers = Object.fromEntries(chains.map(({ name, chain_id }) => [name, chain_id]))
    expect(numbers).toMatchObject({
      ...{ ethereum: 1, base: 8_453, optimism: 10, 'arbitrum-one': 42_161, polygon: 137 },
      ...{ sepolia: 11_155_111, 'base-sepolia': 84_532 },
      ...{ bitcoin: 0, solana: 0, xrp: 0, cardano: 0, tron: 0, 'tron-nile': 0 },
    })
    expect(chains.filter(({ is_testnet }) => is_testnet).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['sepolia', 'base-sepolia', 'bitcoin-signet', 'xrp-testnet']),
    )
    expect(new Set(chains.map(({ id }) => id)).size).toBe(chains.length)
  })

  it('finds a chain by name, alias, number and id, and answers with its name', async () => {
    await using world = await testPawl()
    const { chains } = world.pawl.as({ bearer: null })
    const { id } = await chains.get({ identifier: 'arbitrum-one' })
    for (const identifier of ['arbitrum', '42161', id, ' Arbitrum-One ']) {
      expect(await chains.get({ identifier })).toMatchObject({ name: 'arbitrum-one', chain_id: 42_161 })
    }
    for (const identifier of ['0', 'atlantis', '__proto__'])
      await expect(chains.get({ identifier })).rejects.toEqual(notFound)
  })

  it('is changed by the operators, and by no owner of another organisation', async () => {
    await using world = await testPawl()
    const { owner: tenant } = await world.otherOrg()
    const admin = await world.member({ role: 'admin' })
    const member = await world.member()
    expect((await admin.as.chains.listAll()).chains).not.toEqual([])
    for (const as of [tenant, member.as]) {
      await expect(as.chains.create(local)).rejects.toEqual(denied)
      await expect(as.chains.listAll()).rejects.toEqual(denied)
    }
    const { id } = await world.owner.chains.create(local)
    await expect(world.owner.chains.create({ ...local, name: 'other' })).rejects.toMatchObject({ code: 'chain_exists' })
    await expect(world.owner.chains.create({ ...local, chain_id: 5 })).rejects.toMatchObject({ code: 'chain_exists' })
    await world.owner.chains.update({ chain_id: id, is_enabled: false })
    await expect(tenant.chains.get({ identifier: 'local' })).rejects.toEqual(notFound)
    expect((await world.owner.chains.listAll()).chains).toContainEqual(
      expect.objectContaining({ id, is_enabled: false }),
    )
    await world.owner.chains.delete({ chain_id: id })
    await expect(world.owner.chains.update({ chain_id: id })).rejects.toEqual(notFound)
    await world.owner.chains.create(local)
  })

  it('gets a removed built-in chain back with its name and number, and no other chain under one of them', async () => {
    await using world = await testPawl()
    const { chains } = world.owner
    const { id } = await chains.get({ identifier: 'base' })
    await chains.delete({ chain_id: id })
    const base = { name: 'base', display_name: 'Base again', chain_id: 8_453 }
    for (const other of [{ chain_id: 31_337 }, { name: 'local' }]) {
      await expect(chains.create({ ...base, ...other })).rejects.toMatchObject({ code: 'chain_removed' })
    }
    expect(await chains.create(base)).toMatchObject({ id, display_name: 'Base again' })
    expect(await chains.get({ identifier: '8453' })).toMatchObject({ id })
    const [usdc] = (await chains.listTokens({ chain: 'base' })).tokens
    await chains.deleteToken({ token_id: usdc?.id ?? '' })
    const token = { chain: 'base', symbol: 'USDC', name: 'USD Coin', decimals: 6 }
    await chains.createToken({ ...token, contract_address: usdc?.contract_address ?? '' })
    expect((await chains.listTokens({ chain: 'base' })).tokens).toMatchObject([{ id: usdc?.id }])
  })

  it('has no chain whose name is the number or the alias of another', async () => {
    await using world = await testPawl()
    for (const name of ['1', '31338', 'mainnet', 'arbitrum']) {
      await expect(world.owner.chains.create({ ...local, name })).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })

  it('loses a built-in chain for good when the operator removes it', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.chains.get({ identifier: 'base' })
    await world.owner.chains.update({ chain_id: id, display_name: 'Base L2', rpc_url: 'https://rpc.example.com' })
    expect(await world.owner.chains.get({ identifier: '8453' })).toMatchObject({ rpc_url: 'https://rpc.example.com' })
    await world.owner.chains.update({ chain_id: id, rpc_url: null })
    expect(await world.owner.chains.get({ identifier: 'base' })).not.toHaveProperty('rpc_url')
    await world.owner.chains.delete({ chain_id: id })
    await expect(world.owner.chains.delete({ chain_id: id })).rejects.toEqual(notFound)
    await expect(world.owner.chains.get({ identifier: 'base' })).rejects.toEqual(notFound)
  })

  it('publishes no URL with credentials, and none of another kind', async () => {
    await using world = await testPawl()
    for (const rpc_url of [
      'https://user:key@rpc.example.com',
      'file:///etc/passwd',
      'rpc.example.com',
      'javascript:1',
    ]) {
      await expect(world.owner.chains.create({ ...local, rpc_url })).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })
})

describe('the list of tokens', () => {
  it('has built-in addresses whose checksums are right', () => {
    for (const { contract } of builtInTokens) expect(contract).toBe(withChecksum(contract))
  })

  it('is of all chains or of one, and each contract is in it once', async () => {
    await using world = await testPawl()
    const { chains } = world.owner
    const [usdc] = (await chains.listTokens({ chain: '8453' })).tokens
    expect(usdc).toMatchObject({ chain: 'base', symbol: 'USDC', decimals: 6 })
    expect(await chains.listTokensOf({ chain_name: 'base' })).toEqual({ tokens: [usdc] })
    expect((await chains.listTokens({ chain: 'atlantis' })).tokens).toEqual([])
    const again = {
      chain: 'base',
      symbol: 'X',
      name: 'X',
      decimals: 6,
      contract_address: usdc?.contract_address.toLowerCase() ?? '',
    }
    await expect(chains.createToken(again)).rejects.toMatchObject({ code: 'token_exists' })
    await chains.deleteToken({ token_id: usdc?.id ?? '' })
    await expect(chains.deleteToken({ token_id: usdc?.id ?? '' })).rejects.toMatchObject({ code: 'token_not_found' })
    expect((await chains.listTokensOf({ chain_name: 'base' })).tokens).toEqual([])
    await expect(chains.createToken({ ...again, contract_address: '0x12' })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
