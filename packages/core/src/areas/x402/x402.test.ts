import { isPawlError } from '@pawl/core'
import type { Facilitators, Payment, PaymentRequirement } from '@pawl/core/ports'
import { memoryFacilitator } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { type FacilitatorFault, faultyFacilitator } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { times } from '../../../../../tools/test-run/index.ts'
import { minute } from '../../kernel/time.ts'

// Goal: one payment answers one call, whatever callers and facilitators do. Method: an organisation whose tier has no room
// left, a facilitator in memory, and every way in which it can fail.

const tiers = { default: 'free', tiers: { free: { limits: { requests: 1_000 }, request_usd: '0.001' } } }
const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const payable = expect.objectContaining({ code: 'payment_required' })

/** A vault with secrets, and no room for one more call. */
async function fullWorld() {
  const facilitator = memoryFacilitator()
  const faulty = faultyFacilitator(facilitator)
  const facilitators: Facilitators = () => faulty
  const world = await testPawl({ tiers, facilitators })
  const { owner, org } = world
  const { id: vault } = await owner.vaults.create({ name: 'prod' })
  await owner.secrets.put({ vault_id: vault, path: 'db', value: tagged('hunter2') })
  await owner.secrets.put({ vault_id: vault, path: 'api', value: tagged('hunter3') })
  await owner.x402.update({ pay_to: payTo, facilitator_url: 'http://127.0.0.1:4020' })
  await owner.admin.updateOrgLimits({ org_id: org, free_tier_override: 0 })
  const receipts: string[] = []
  const paying = (payment: Payment | string, who: object = { user: world.ownerId }) =>
    world.pawl.as({
      trusted: who as { user: string },
      payment: typeof payment === 'string' ? payment : JSON.stringify(payment),
      receipt: (text) => void receipts.push(text),
    })
  return { world, owner, vault, facilitator, faulty, paying, receipts, db: { vault_id: vault, path: 'db' } }
}

/** What an unpaid call would cost. */
async function priceOf(call: () => Promise<unknown>): Promise<PaymentRequirement> {
  const error = await call().then(
    () => null,
    (refused: unknown) => refused,
  )
  if (!isPawlError(error, 'payment_required')) throw error ?? new Error('the call was free')
  return error.data?.accepts?.[0] as unknown as PaymentRequirement
}

describe('a call over the limit', () => {
  it('says what it costs, and is answered for a payment of that', async () => {
    const { world, owner, facilitator, paying, receipts, db } = await fullWorld()
    await using _ = world
    const wanted = await priceOf(() => owner.secrets.get(db))
    expect(wanted).toMatchObject({
      ...{ scheme: 'exact', network: 'eip155:8453', maxAmountRequired: '1000', price: '0.001', payTo },
      ...{ asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', maxTimeoutSeconds: 60, description: 'secrets.get' },
      resource: `http://127.0.0.1:8210/v1/vaults/${db.vault_id}/secrets/db`,
    })
    const secret = await paying(facilitator.pay(wanted)).secrets.get(db)
    expect(secret.value.reveal()).toBe(tagged('hunter2'))
    expect(facilitator.settled).toMatchObject([{ to: payTo, value: '1000' }])
    expect(JSON.parse(receipts.at(-1) ?? '')).toMatchObject({ success: true, network: 'eip155:8453' })
    const { events } = await owner.audit.events({ limit: 5 })
    expect(events).toContainEqual(
      expect.objectContaining({
        action: 'secret.read',
        details: expect.objectContaining({ paid_by: 'x402', price_usd: '0.001' }),
      }),
    )
  })

  it('takes the payment as JSON, as base64 of it, and with a payload that is text', async () => {
    const { world, owner, facilitator, paying, db } = await fullWorld()
    await using _ = world
    const wanted = await priceOf(() => owner.secrets.get(db))
    const forms: ((payment: Payment) => string)[] = [
      JSON.stringify,
      (payment) => btoa(JSON.stringify(payment)),
      (payment) => btoa(JSON.stringify(payment)).replace(/=+$/, ''),
      (payment) => JSON.stringify({ ...payment, payload: JSON.stringify(payment.payload) }),
    ]
    for (const form of forms) await paying(form(facilitator.pay(wanted))).secrets.get(db)
    expect(facilitator.settled).toHaveLength(forms.length)
    const payment = facilitator.pay(wanted)
    await paying(payment).secrets.get(db)
    for (const form of forms) await expect(paying(form(payment)).secrets.get(db)).rejects.toEqual(payable)
  })

  it('can be repeated with its payment and the same proof of possession, once (core.md 3.12)', async () => {
    const { world, owner, facilitator, faulty, vault, db } = await fullWorld()
    await using _ = world
    const limit = (free_tier_override: number) => owner.admin.updateOrgLimits({ org_id: world.org, free_tier_override })
    await limit(1_000)
    const { key } = await world.agent({ vault, policies: [{ pattern: '**', permissions: ['read'] }] })
    await limit(0)
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const request = { method: 'GET', url: 'http://127.0.0.1:8210/v1/vaults' }
    const head = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) }
    const proofOf = (jti: string) =>
      new SignJWT({ jti, htm: request.method, htu: request.url, iat: Math.floor(world.clock.now() / 1_000) })
        .setProtectedHeader(head)
        .sign(privateKey)
    const exchange = { ...request, proof: await proofOf('exchange') }
    const { access_token } = await world.pawl.as({ possession: exchange }).auth.agentToken({ api_key: key })
    let proof = await proofOf('call')
    const get = (payment?: string) =>
      world.pawl
        .as({ bearer: access_token.reveal(), possession: { ...request, proof }, ...(payment && { payment }) })
        .secrets.get(db)
    const payment = JSON.stringify(facilitator.pay(await priceOf(get)))
    expect((await get(payment)).value.reveal()).toBe(tagged('hunter2'))
    await expect(get(payment)).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
    // The second price uses up a proof, whatever the payment is.
    for (const [number, shown] of [undefined, '{}', 'no payment'].entries()) {
      proof = await proofOf(`unpaid ${number}`)
      await expect(get(shown)).rejects.toMatchObject({ code: 'payment_required' })
      await expect(get(shown)).rejects.toMatchObject({ code: 'payment_required' })
      await expect(get(shown)).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
    }
    proof = await proofOf('the facilitator is down')
    faulty.fail('settle', 'down')
    const lost = JSON.stringify(facilitator.pay(await priceOf(get)))
    await expect(get(lost)).rejects.toMatchObject({ code: 'payment_required' })
    await expect(get(lost)).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
  })

  it('refuses what is no payment, and asks no facilitator about it', async () => {
    const { world, paying, db, faulty } = await fullWorld()
    await using _ = world
    faulty.fail('verify', 'down')
    for (const text of ['', '{}', 'null', '[]', 'e30=', '{"x402Version":2}', '%', 'A'.repeat(20_000)]) {
      await expect(paying(text).secrets.get(db)).rejects.toMatchObject({
        code: 'payment_required',
        data: { error: expect.stringContaining('X-PAYMENT'), accepts: [{ price: '0.001' }] },
      })
    }
  })

  it('comes after the authorisation: a caller without a grant is refused and pays nothing', async () => {
    const { world, owner, facilitator, paying, db } = await fullWorld()
    await using _ = world
    await owner.admin.updateOrgLimits({ org_id: world.org, free_tier_override: 100 })
    const agent = await world.agent()
    await owner.admin.updateOrgLimits({ org_id: world.org, free_tier_override: 0 })
    const wanted = await priceOf(() => owner.secrets.get(db))
    const payment = facilitator.pay(wanted)
    await expect(paying(payment, { agent: agent.id }).secrets.get(db)).rejects.not.toEqual(payable)
    expect(facilitator.settled).toEqual([])
  })

  it('costs nothing if it fails, and its payment can be shown again', async () => {
    const { world, owner, facilitator, paying, db } = await fullWorld()
    await using _ = world
    const payment = facilitator.pay(await priceOf(() => owner.secrets.get(db)))
    const missing = { ...db, path: 'new' }
    await expect(paying(payment).secrets.get(missing)).rejects.toMatchObject({ code: 'secret_not_found' })
    expect(facilitator.settled).toEqual([])
    const put = { ...missing, value: 'x' }
    await paying(facilitator.pay(await priceOf(() => owner.secrets.put(put)))).secrets.put(put)
    await paying(payment).secrets.get(missing)
    expect(facilitator.settled).toHaveLength(2)
  })
})

describe('one payment', () => {
  it('I17: shown many times at once, answers one call and moves money once', async () => {
    const { world, owner, facilitator, paying, db } = await fullWorld()
    await using _ = world
    for (let round = times('rounds of one payment for 50 calls', { quick: 1, whole: 4 }); round > 0; round--) {
      const before = facilitator.settled.length
      const payment = facilitator.pay(await priceOf(() => owner.secrets.get(db)))
      const calls = Array.from({ length: 50 }, () => paying(payment).secrets.get(db))
      const outcomes = await Promise.allSettled(calls)
      const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
      expect(refusals).toEqual(Array.from({ length: 49 }, () => payable))
      expect(facilitator.settled.length).toBe(before + 1)
      await expect(paying(payment).secrets.get(db)).rejects.toEqual(payable)
    }
  })

  it('does not pay for another operation, secret, amount or caller', async () => {
    const { world, owner, facilitator, faulty, paying, db } = await fullWorld()
    await using _ = world
    await owner.x402.update({ prices: { 'secrets.put': '0.005', 'vaults.list': '0.001' } })
    const payment = facilitator.pay(await priceOf(() => owner.secrets.get(db)))
    // It is settled for one call, whose answer gets lost.
    faulty.fail('settle', 'loses')
    await expect(paying(payment).secrets.get(db)).rejects.toEqual(payable)
    faulty.well()
    const other = await world.member({ role: 'owner' })
    await expect(paying(payment).secrets.get({ ...db, path: 'api' })).rejects.toEqual(payable)
    await expect(paying(payment).vaults.list()).rejects.toEqual(payable)
    await expect(paying(payment).secrets.put({ ...db, value: tagged('x') })).rejects.toEqual(payable)
    await expect(paying(payment, { user: other.id }).vaults.list()).rejects.toEqual(payable)
    await paying(payment).secrets.get(db)
    expect(facilitator.settled).toHaveLength(1)
  })

  it('of less, to another address or on another network pays nothing', async () => {
    const { world, owner, facilitator, paying, db } = await fullWorld()
    await using _ = world
    const wanted = await priceOf(() => owner.secrets.get(db))
    const changes: Partial<PaymentRequirement>[] = [
      { maxAmountRequired: '999' },
      { maxAmountRequired: '1001' },
      { payTo: '0x000000000000000000000000000000000000dEaD' },
      { network: 'eip155:1' },
      { scheme: 'upto' },
    ]
    for (const change of changes) {
      await expect(paying(facilitator.pay({ ...wanted, ...change })).secrets.get(db)).rejects.toEqual(payable)
    }
    const poor = facilitator.pay(wanted, { from: '0x0000000000000000000000000000000000000bad' })
    facilitator.empty('0x0000000000000000000000000000000000000bad')
    await expect(paying(poor).secrets.get(db)).rejects.toMatchObject({
      data: { error: 'The payment is not valid: insufficient_funds.' },
    })
    expect(facilitator.settled).toEqual([])
  })
})

describe('a facilitator', () => {
  const faults: FacilitatorFault[] = ['down', 'loses']

  it.each((['verify', 'settle'] as const).flatMap((what) => faults.map((fault) => [what, fault] as const)))(
    'whose %s is %s gives a 402, stores nothing, and takes the same payment later',
    async (what, fault) => {
      const { world, owner, facilitator, faulty, paying, db } = await fullWorld()
      await using _ = world
      const put = { ...db, value: 'changed' }
      const payment = facilitator.pay(await priceOf(() => owner.secrets.put(put)))
      faulty.fail(what, fault)
      for (let again = 0; again < 2; again++) {
        await expect(paying(payment).secrets.put(put)).rejects.toEqual(payable)
      }
      faulty.well()
      const get = facilitator.pay(await priceOf(() => owner.secrets.get(db)))
      expect((await paying(get).secrets.get(db)).value.reveal()).toBe(tagged('hunter2'))
      await paying(payment).secrets.put(put)
      await expect(paying(payment).secrets.put(put)).rejects.toEqual(payable)
      expect(facilitator.settled).toHaveLength(2)
    },
  )

  it('that never answers holds the payment only until its call was surely cut off', async () => {
    const facilitator = memoryFacilitator()
    let answers = false
    let giveUp = () => {}
    const silence = new Promise<never>((_, reject) => {
      giveUp = () => reject(new Error('cut off'))
    })
    const silent = { ...facilitator, verify: () => silence }
    const world = await testPawl({ tiers, facilitators: () => (answers ? facilitator : silent) })
    await using _ = world
    const { owner, org, clock, ownerId } = world
    await owner.x402.update({ pay_to: payTo, facilitator_url: 'http://127.0.0.1:4020' })
    await owner.admin.updateOrgLimits({ org_id: org, free_tier_override: 0 })
    const payment = JSON.stringify(facilitator.pay(await priceOf(() => owner.vaults.list())))
    const list = () => world.pawl.as({ trusted: { user: ownerId }, payment }).vaults.list()
    const first = list()
    first.catch(() => {})
    await expect.poll(() => world.storedKinds().x402Claim).toBe(1)
    answers = true
    await expect(list()).rejects.toMatchObject({ data: { error: 'The payment is used by a call right now.' } })
    clock.advance(3 * minute)
    await list()
    expect(facilitator.settled).toHaveLength(1)
    // The first call comes back, and leaves alone what is not its any more.
    giveUp()
    await expect(first).rejects.toEqual(payable)
    await expect(list()).rejects.toMatchObject({ data: { error: 'The payment was already used.' } })
  })
})

describe('the configuration', () => {
  it('asks for no payment until the operator names an address and a facilitator', async () => {
    const { world, owner, db } = await fullWorld()
    await using _ = world
    await owner.x402.update({ facilitator_url: null })
    await expect(owner.secrets.get(db)).rejects.toMatchObject({ code: 'payment_required', data: { accepts: [] } })
    expect(await owner.x402.get({})).not.toHaveProperty('facilitator_url')
  })

  it('has prices for operations, and refuses one that no call has', async () => {
    const { world, owner, db } = await fullWorld()
    await using _ = world
    await owner.x402.update({ prices: { 'secrets.get': '0.0000015' } }).catch(() => {})
    await owner.x402.update({ prices: { 'secrets.get': '0.25' } })
    expect(await priceOf(() => owner.secrets.get(db))).toMatchObject({ price: '0.25', maxAmountRequired: '250000' })
    expect(await priceOf(() => owner.vaults.list())).toMatchObject({ price: '0.001' })
    await expect(owner.x402.update({ prices: { 'secrets.gte': '1' } })).rejects.toThrow('Did you mean secrets.get?')
    for (const price of ['-1', '1e3', '$1', '0.0000001', '']) {
      await expect(owner.x402.update({ prices: { 'secrets.get': price } })).rejects.toMatchObject({
        code: 'invalid_input',
      })
    }
  })

  it('sets the free requests of the default tier', async () => {
    const { world, owner, org, vault } = { ...(await fullWorld()), org: '' }
    await using _ = world
    await owner.admin.updateOrgLimits({ org_id: world.org || org, free_tier_override: null })
    await owner.vaults.get({ vault_id: vault })
    await owner.x402.update({ free_tier_limit: 0 })
    await expect(owner.vaults.get({ vault_id: vault })).rejects.toEqual(payable)
    await owner.x402.update({ free_tier_limit: null })
    await owner.vaults.get({ vault_id: vault })
  })

  it('calls no host that the machine does not allow, and takes only a chain that has USDC', async () => {
    await using world = await testPawl({ tiers: null })
    const { owner } = world
    for (const facilitator_url of ['https://facilitator.example.com', 'http://169.254.169.254', 'file:///etc/passwd']) {
      await expect(owner.x402.update({ facilitator_url })).rejects.toThrow('facilitator_url')
    }
    await expect(owner.x402.update({ network: 'bitcoin' })).rejects.toThrow('network')
    await expect(owner.x402.update({ free_tier_limit: 5 })).rejects.toMatchObject({ code: 'no_tiers' })
    expect(await owner.x402.update({ network: 'base-sepolia' })).toMatchObject({ network: 'base-sepolia' })
  })

  it('is in the trail with what it was before', async () => {
    await using world = await testPawl()
    const { owner } = world
    await owner.x402.update({ pay_to: payTo })
    await owner.x402.update({ network: 'base' })
    const { events } = await owner.audit.events({ limit: 1 })
    expect(events[0]).toMatchObject({
      action: 'payment_config.update',
      details: { before: { network: 'eip155:8453', pay_to: payTo }, after: { network: 'base', pay_to: payTo } },
    })
  })
})
