import { memoryChain, noChains } from '@pawl/core/ports/reference'
import { fakeAuthenticator } from '@pawl/testkit/fakes'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../../kernel/bytes.ts'
import { day } from '../../kernel/time.ts'
import { eventName } from '../webhooks/event-names.ts'
import { takeRoom } from './keys.ts'

// Goal: a wallet pays only for its owner, with a proof for exactly this payment, and within the spend policies of connected apps.
// Method: a whole engine in memory, with an EVM chain in memory and people who signed in.

const shop = '0x000000000000000000000000000000000000dEaD'
const other = '0x00000000000000000000000000000000000B0b00'
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const ether = 10n ** 18n
const publicUrl = 'https://vault.example.com'
const site = { origin: publicUrl, rpId: 'vault.example.com' }
const [email, password] = ['ada@example.com', 'Correct-Horse-7']
const pay = { chain: 'base', to: shop, value: '0.5' }
const chains = ['ethereum', 'bitcoin', 'solana', 'xrp', 'cardano', 'tron']

/** A person who has a wallet with 100 ether on base. `ada` is signed in, `trusted` is the same person in this process. */
async function withAda(options: WorldOptions = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await testPawl({ publicUrl, chains: ({ name }) => (name === 'base' ? base : null), ...options })
  const { id } = await world.owner.orgs.addMember({ email, password })
  const { access_token } = await world.pawl.as({}).auth.token({ email, password })
  const trusted = world.pawl.as({ user: id })
  const { wallets } = await trusted.wallets.generate({ chains: ['ethereum'] })
  const address = wallets[0]?.address ?? ''
  base.fund(address, 100n * ether)
  return { ...world, base, id, address, trusted, ada: world.pawl.as(access_token.reveal()) }
}

/** A person of a platform app, with a wallet, and the app that limits it. */
async function withApp(policy: Record<string, unknown> = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? base : null) })
  const { id: app_id, api_key } = await world.owner.platform.createApp({ name: 'x', slug: 'my-defi' })
  const { platform } = world.pawl.as(api_key.reveal())
  const { connection_id, user_handle } = await platform.upsertUser({ email: 'user@example.com' })
  const limit = (given: Record<string, unknown>) => platform.setUserSpendPolicy({ connection_id, ...given })
  if (Object.keys(policy).length > 0) await limit(policy)
  const user = world.pawl.as({ user: user_handle })
  const { wallets } = await user.wallets.generate({ chains: ['ethereum'] })
  base.fund(wallets[0]?.address ?? '', 1_000n * ether)
  return { ...world, base, user, user_handle, limit, app_id, app: world.pawl.as(api_key.reveal()) }
}

const refusedBy = (rule: string) => ({ code: 'payment_refused', kind: 'denied', data: { rule } })
const invalid = (field: string) => ({ data: { fields: { [field]: expect.any(String) } } })

describe('the wallets of a person', () => {
  it('are made once for each chain, and a repeated call answers with the same', async () => {
    await using world = await withAda()
    const { wallets } = await world.ada.wallets.generate({})
    expect(wallets.map(({ chain }) => chain)).toEqual(chains)
    expect(wallets[0]).toEqual({
      ...{ id: expect.any(String), chain: 'ethereum', curve: 'secp256k1', address: world.address, is_active: true },
      ...{ public_key_hex: expect.stringMatching(/^04[0-9a-f]{128}$/), created_at: '2026-01-01T00:00:00.000Z' },
    })
    expect(await world.ada.wallets.generate({})).toEqual({ wallets })
    expect(await world.ada.wallets.get({ chain: 'base' })).toEqual(wallets[0])
    await expect(world.ada.wallets.get({ chain: 'dogecoin' })).rejects.toMatchObject(invalid('chain'))
    await expect(world.ada.wallets.generate({ chains: ['dogecoin'] as never })).rejects.toMatchObject({
      kind: 'invalid',
    })
  })

  it('are no business of other people, agents and apps', async () => {
    await using world = await withApp()
    const agent = await world.agent({})
    for (const stranger of [agent.as, world.app]) {
      await expect(stranger.wallets.list()).rejects.toMatchObject({ kind: 'denied' })
      await expect(stranger.wallets.send(pay)).rejects.toMatchObject({ kind: 'denied' })
      await expect(stranger.wallets.export({ chain: 'ethereum' })).rejects.toMatchObject({ kind: 'denied' })
    }
    expect(await world.owner.wallets.list()).toEqual({ wallets: [] })
    await expect(world.owner.wallets.send(pay)).rejects.toMatchObject({ code: 'wallet_not_found' })
    expect(world.base.sent).toEqual([])
  })

  it('have keys that nobody reads as secrets', async () => {
    await using world = await withAda()
    const { vaults } = await world.owner.vaults.list()
    const vault_id = vaults.find(({ name }) => name === '__treasury-keys')?.id ?? ''
    const path = `users/${world.id}/chains/ethereum/private_key`
    for (const as of [world.owner, world.trusted]) {
      await expect(as.secrets.get({ vault_id, path })).rejects.toMatchObject({ kind: 'denied' })
    }
  })

  it('are replaced by a rotation, which keeps the old address and moves nothing', async () => {
    await using world = await withAda()
    const rotated = await world.ada.wallets.rotate({ chain: 'ethereum' })
    expect(rotated.address).not.toBe(world.address)
    const { wallets } = await world.ada.wallets.list()
    expect(wallets.map(({ address, is_active }) => [address, is_active])).toEqual([
      [rotated.address, true],
      [world.address, false],
    ])
    const refused = await world.trusted.wallets.send(pay)
    expect(refused.status).toBe('failed')
  })

  it('pay nothing any more once they are deactivated, and the next one has another key', async () => {
    await using world = await withAda()
    await world.ada.wallets.deactivate({ chain: 'ethereum' })
    await expect(world.trusted.wallets.send(pay)).rejects.toMatchObject({ code: 'wallet_not_found' })
    const { wallets } = await world.ada.wallets.generate({ chains: ['ethereum'] })
    expect(wallets[0]?.address).not.toBe(world.address)
  })

  it('can be exported and imported with a proof only', async () => {
    await using world = await withAda()
    const { ada, trusted } = world
    const chain = 'ethereum'
    for (const auth_confirm of [undefined, 'wrong', 'rat_wrong']) {
      await expect(ada.wallets.export({ chain, ...(auth_confirm && { auth_confirm }) })).rejects.toMatchObject({
        kind: 'denied',
      })
    }
    const { private_key_hex: key } = await ada.wallets.export({ chain, auth_confirm: password })
    const given = { chain, private_key: key.reveal(), auth_confirm: password }
    await expect(ada.wallets.import(given)).rejects.toMatchObject({ message: expect.stringContaining('already') })
    await ada.wallets.deactivate({ chain })
    await expect(ada.wallets.import({ ...given, address: shop })).rejects.toMatchObject(invalid('address'))
    await expect(ada.wallets.import({ ...given, auth_confirm: 'wrong' })).rejects.toMatchObject({ kind: 'denied' })
    expect((await ada.wallets.import(given)).address).toBe(world.address)
    expect((await trusted.wallets.send(pay)).status).toBe('broadcast')
  })

  it('are at most 10,000 in an organisation', () => {
    const stored = { id: 'org' as const, wallets: 9_999 }
    const unit = (puts: unknown[]) =>
      ({ get: () => stored, put: (_: unknown, one: unknown) => puts.push(one) }) as never
    const puts: unknown[] = []
    takeRoom({ unit: unit(puts) }, 1)
    expect(puts).toEqual([{ id: 'org', wallets: 10_000 }])
    expect(() => takeRoom({ unit: unit([]) }, 2)).toThrow(expect.objectContaining({ code: 'wallets_full' }))
  })

  it('go with the person', async () => {
    await using world = await withAda()
    await world.trusted.wallets.send(pay)
    await world.owner.orgs.removeMember({ user_id: world.id })
    while ((await world.pawl.runJobs()) > 0);
    expect(world.storedKinds()).not.toMatchObject({ wallet: expect.any(Number), transaction: expect.any(Number) })
  })

  it('tell their balance, and name the setting where no node is configured', async () => {
    await using world = await withAda()
    expect(await world.ada.wallets.balance({ chain: 'base', tokens: usdc })).toEqual({
      ...{ chain: 'base', address: world.address, native_balance: '100', native_symbol: 'ETH' },
      native: { symbol: 'ETH', balance_wei: `${100n * ether}`, balance_display: '100' },
      tokens: [{ contract_address: usdc, balance_raw: '0', contract: usdc, balance: '0', symbol: 'USDC', decimals: 6 }],
    })
    await expect(world.ada.wallets.balance({ chain: 'ethereum' })).rejects.toMatchObject({
      message: expect.stringContaining('PAWL_RPC_ETHEREUM'),
    })
  })
})

describe('a payment', () => {
  it('is signed and sent with the password, as the seed writes it', async () => {
    await using world = await withAda()
    const sent = await world.ada.wallets.send({ ...pay, value: '1000000000000000', auth_confirm: password })
    expect(sent).toEqual({
      ...{ id: expect.any(String), tx_hash: world.base.sent[0]?.id, from: world.address, to: shop },
      ...{ value_wei: '1000000000000000', amount: '0.001', chain: 'base', status: 'broadcast' },
    })
    world.base.mine()
    expect(await world.base.balance(shop)).toBe(10n ** 15n)
  })

  it.each([
    [{ value_wei: '500000000000000000' }, '500000000000000000'],
    [{ amount: '0.5' }, '500000000000000000'],
    [{ value: '0.5', value_wei: '500000000000000000' }, '500000000000000000'],
    [{ value_wei: '0.5' }, '500000000000000000'],
    [{ amount: '2' }, '2000000000000000000'],
    [{ value_wei: '2' }, '2'],
    [{ value_wei: '5', token_contract: usdc }, '5'],
    [{ amount: '5', token_address: usdc, token_mint: usdc }, '5000000'],
  ])('of %j moves what the field means', async (amount, wei) => {
    await using world = await withAda()
    const sent = await world.trusted.wallets.send({ chain: 'base', to: shop, gas_limit: 90_000, ...amount } as never)
    expect(sent.value_wei).toBe(wei)
  })

  it.each([
    ['value', { value: '0.5', value_wei: '5' }],
    ['value', { value: '2000000000' }],
    ['value', { value: '10001' }],
    ['value_wei', { value_wei: '-1' }],
    ['amount', { amount: '1e3' }],
    ['token_decimals', { amount: '1', token_mint: other }],
    ['token_decimals', { amount: '1', token_mint: usdc, token_decimals: 18 }],
    ['token_contract', { value_wei: '1', token_mint: usdc, token_contract: other }],
    ['to', { value: '1', to: 'bob' }],
    ['chain', { value: '1', chain: 'nowhere' }],
  ])('is refused by the name of the field %s: %j', async (field, wrong) => {
    await using world = await withAda()
    const refused = world.trusted.wallets.send({ chain: 'base', to: shop, ...wrong } as never)
    await expect(refused).rejects.toMatchObject(invalid(field))
  })

  it('is not signed without a proof, with a wrong one, or with one for something else', async () => {
    await using world = await withAda()
    const { ada } = world
    const proofFor = async (purpose: string) =>
      (await ada.factors.completeReauth({ purpose, password })).reauth_token.reveal()
    const ofAnother = await proofFor('treasury_wallet.export')
    for (const auth_confirm of [undefined, 'wrong', 'rat_wrong', ofAnother]) {
      const refused = ada.wallets.send({ ...pay, ...(auth_confirm && { auth_confirm }) })
      await expect(refused).rejects.toMatchObject({ kind: 'denied' })
    }
    expect(world.base.sent).toEqual([])
    const auth_confirm = await proofFor('treasury_wallet.send')
    expect((await ada.wallets.send({ ...pay, auth_confirm })).status).toBe('broadcast')
    await expect(ada.wallets.send({ ...pay, auth_confirm })).rejects.toMatchObject({ code: 'confirmation_wrong' })
    expect(world.base.sent).toHaveLength(1)
  })

  it('is signed with a passkey that approved its digest, once, and with no other digest', async () => {
    await using world = await withAda()
    const { ada } = world
    const key = fakeAuthenticator(site)
    const { challenge: made } = await ada.factors.beginPasskey()
    await ada.factors.addPasskey({ ...key.create(made), auth_confirm: password })
    const approve = async (text: string) => {
      const tx_digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))
      const { challenge } = await ada.factors.beginTransactionPasskey({ tx_digest })
      return (await ada.factors.completeTransactionPasskey(key.get(challenge))).passkey_token.reveal()
    }
    const wei = '500000000000000000'
    const more = { token_mint: usdc, gas_limit: 90_000 }
    for (const text of [
      `base|${shop}|1|`,
      `ethereum|${shop}|${wei}|`,
      `base|${other}|${wei}|`,
      `base|${shop}|${wei}|0x01`,
    ]) {
      const refused = ada.wallets.send({ ...pay, passkey_token: await approve(text) })
      await expect(refused, text).rejects.toMatchObject({ code: 'confirmation_wrong' })
    }
    // The short form says nothing of a token, so it does not approve one.
    const short = await approve(`base|${shop}|5|`)
    const ofToken = { chain: 'base', to: shop, value_wei: '5', ...more }
    await expect(ada.wallets.send({ ...ofToken, passkey_token: short })).rejects.toMatchObject({ kind: 'denied' })
    expect(world.base.sent).toEqual([])
    const passkey_token = await approve(`base|${shop}|${wei}|`)
    expect((await ada.wallets.send({ ...pay, passkey_token })).status).toBe('broadcast')
    await expect(ada.wallets.send({ ...pay, passkey_token })).rejects.toMatchObject({ code: 'confirmation_wrong' })
    const long = await approve(`base|${shop}|5||${usdc}|||||||`.toLowerCase())
    expect((await ada.wallets.send({ ...ofToken, passkey_token: long })).status).toBe('broadcast')
    // With a second factor, the password alone proves too little.
    await expect(ada.wallets.send({ ...pay, auth_confirm: password })).rejects.toMatchObject({
      code: 'confirmation_needed',
    })
  })

  it('is made once for one Idempotency-Key, also with another proof', async () => {
    await using world = await withAda()
    const { ada } = world
    const key = { idempotencyKey: 'invoice-42' }
    const auth_confirm = (await ada.factors.completeReauth({ purpose: 'treasury_wallet.send', password })).reauth_token
    const first = await ada.wallets.send({ ...pay, auth_confirm }, key)
    expect(await ada.wallets.send({ ...pay, auth_confirm: password }, key)).toEqual(first)
    const changed = ada.wallets.send({ ...pay, value: '0.6', auth_confirm: password }, key)
    await expect(changed).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(world.base.sent).toHaveLength(1)
  })

  it('needs a node, and what is not configured is named', async () => {
    await using world = await withAda({ chains: noChains })
    await expect(world.trusted.wallets.send(pay)).rejects.toMatchObject({
      message: expect.stringContaining('PAWL_RPC_BASE'),
    })
    await expect(world.trusted.wallets.send({ ...pay, gasless: true })).rejects.toMatchObject({
      code: 'not_supported_here',
      message: expect.stringContaining('no Safe for a wallet'),
    })
  })

  it('is refused while the organisation is frozen', async () => {
    await using world = await withAda()
    await world.owner.guardrails.freezeOrg({ reason: 'a drill' })
    await expect(world.trusted.wallets.send(pay)).rejects.toMatchObject(refusedBy('frozen'))
  })

  it('is told to webhooks under the name of the contract, once a node has taken it', () => {
    expect(eventName('treasury_wallet.broadcast')).toBe('wallet.transfer.sent')
  })

  it('leaves events without a key or a proof', async () => {
    await using world = await withAda()
    await world.ada.wallets.send({ ...pay, auth_confirm: password })
    const { events } = await world.owner.audit.events({})
    const actions = events.map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['treasury_wallet.send', 'treasury_wallet.sign', 'treasury_wallet.broadcast']),
    )
    expect(actions.filter((action) => action.startsWith('transaction.'))).toEqual([])
    expect(JSON.stringify(events)).not.toContain(password)
  })
})

describe('spend policies of connected apps', () => {
  it.each([
    ['max_value_per_tx_eth', { max_value_per_tx_eth: '0.4' }, {}],
    ['daily_limit_eth', { daily_limit_eth: '0.4' }, {}],
    ['to_allowlist', { to_allowlist: [other] }, {}],
    ['to_denylist', { to_denylist: [shop.toLowerCase()], to_allowlist: [shop] }, {}],
    ['allowed_chains', { allowed_chains: ['ethereum'] }, {}],
    ['allowed_tokens', { allowed_tokens: [other] }, { token_mint: usdc, value: '1', gas_limit: 90_000 }],
    ['max_transactions_per_day', { max_transactions_per_day: 0 }, {}],
    // A payment that the server cannot read could move anything.
    ['tx_unchecked_calls', { max_value_per_tx_eth: '1' }, { value: '0', data: '0x12345678', gas_limit: 90_000 }],
  ])('refuse by %s', async (rule, policy, payment) => {
    await using world = await withApp(policy)
    await expect(world.user.wallets.send({ ...pay, ...payment } as never)).rejects.toMatchObject(refusedBy(rule))
    expect(world.base.sent).toEqual([])
    const events = await world.pawl.as({ user: world.user_handle }).audit.events({ action: 'treasury_wallet.send' })
    expect(events.events[0]?.details).toMatchObject({
      ...{ chain: 'base', to: shop, outcome: 'denied', code: 'payment_refused', rule },
      reason_code: expect.any(String),
    })
    await world.limit({})
    expect((await world.user.wallets.send({ ...pay, ...payment } as never)).status).toBe('broadcast')
  })

  it('let exactly one of 50 payments at once through that only one has room for (I8)', async () => {
    await using world = await withApp({ daily_limit_eth: '100' })
    const many = Array.from({ length: 50 }, () => world.user.wallets.send({ ...pay, value: '60.0' }))
    const outcomes = await Promise.allSettled(many)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(world.base.sent).toHaveLength(1)
    expect((await world.user.wallets.send({ ...pay, value: '40.0' })).status).toBe('broadcast')
  })

  it('count the last 24 hours to the millisecond, over the end of a day, and also what was paid before they were set', async () => {
    await using world = await withApp()
    world.clock.advance(day / 2)
    await world.user.wallets.send({ ...pay, value: '0.6' })
    await world.limit({ daily_limit_eth: '1', max_transactions_per_day: 1 })
    world.clock.advance(day - 1)
    const again = () => world.user.wallets.send({ ...pay, value: '0.6' })
    await expect(again()).rejects.toMatchObject(refusedBy('daily_limit_eth'))
    await expect(world.user.wallets.send(pay)).rejects.toMatchObject({ data: { limit: '1', current: '0.6' } })
    await expect(world.user.wallets.send({ ...pay, value: '0' })).rejects.toMatchObject(
      refusedBy('max_transactions_per_day'),
    )
    world.clock.advance(1)
    expect((await again()).status).toBe('broadcast')
  })

  it('get back what a node refuses for good', async () => {
    await using world = await withApp({ daily_limit_eth: '1500' })
    expect((await world.user.wallets.send({ ...pay, value: '1200.0' })).status).toBe('failed')
    expect((await world.user.wallets.send({ ...pay, value: '900.0' })).status).toBe('broadcast')
  })
})
