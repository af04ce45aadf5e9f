import { operationIn, type UserOperation } from '@pawl/core/ports'
import { type BundlerFault, type FakeBundlerOptions, fakeBundler } from '@pawl/testkit/fakes'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { decodeFunctionData, parseAbi, recoverAddress } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { safeModule, safeOperationHash } from '../../../../../tools/real-parts/safe-operation.ts'

// Goal: an agent moves what is in its Safe only within its guardrails, and whatever a bundler or a paymaster does, what is signed is
// the call that the agent asked for, once. Method: a whole engine in memory, with a bundler that lies.

const [safe, shop, other] = [
  '0x5aFE3855358E112B5647B952709E6165e1c1eEEe',
  '0x000000000000000000000000000000000000dEaD',
  '0x1111111111111111111111111111111111111111',
] as const
const entryPointAddress = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'
const abi = parseAbi(['function executeUserOp(address to, uint256 value, bytes data, uint8 operation)'])
const eth = (whole: number) => `${BigInt(whole) * 10n ** 18n}`

interface Wanted {
  readonly bundler?: FakeBundlerOptions | null
  readonly world?: WorldOptions
  readonly limits?: object
  readonly hasSafe?: boolean
}

async function open({ bundler: options = {}, world: more = {}, limits = {}, hasSafe = true }: Wanted = {}) {
  const fake = fakeBundler(options ?? {})
  const chains: WorldOptions['chains'] = ({ name }) => (name === 'base' ? fake.chain : null)
  const world = await testPawl({ chains, ...(options && { bundlers: fake.bundlers }), ...more })
  const { id: agent_id, as } = await world.agent({ name: 'payer' })
  const key = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  await world.owner.agents.update({ agent_id, intents_api_enabled: true, ...limits } as never)
  if (hasSafe) await world.owner.smartaccounts.add({ agent_id, chain: 'base', chain_id: 8_453, safe_address: safe })
  const usual = { agent_id: 'me', chain: 'base', to: shop, value: eth(1), mode: 'smart_account' } as const
  const send = (given: object = {}, more: object = {}) => as.intents.submit({ ...usual, ...given }, more)
  const get = async (tx_id: string) => world.owner.intents.get({ agent_id, tx_id })
  /** Time passes on the chain and on the server, and the server looks again. */
  const later = async (minutes: number) => {
    for (let blocks = 0; blocks < minutes * 5; blocks++) fake.chain.mine()
    world.clock.advance(minutes * 60_000)
    await world.pawl.runJobs()
  }
  const [dispose, close] = [() => world.close(), world.close]
  return {
    ...world,
    fake,
    agent_id,
    as,
    owner: world.owner,
    key,
    send,
    get,
    later,
    close,
    [Symbol.asyncDispose]: dispose,
  }
}

const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`

/** Who signed an operation, as the module of the Safe reads it. Computed by viem alone. */
function signerOf(one: UserOperation): Promise<string> {
  const hash = safeOperationHash(one, 8_453, Number(hex(one.signature.subarray(6, 12))))
  return recoverAddress({ hash, signature: hex(one.signature.subarray(12)) })
}

describe('the mode smart_account', () => {
  it('signs the call of the request with the key of the agent, and the Safe pays the fees', async () => {
    await using world = await open()
    const sent = await world.send({ data: '0x12345678' })
    expect(sent).toMatchObject({ status: 'broadcast', from: safe, to: shop, value_wei: eth(1) })
    expect(sent.tx_hash).toBeUndefined()
    const [one] = world.fake.taken as [UserOperation]
    expect(one).toMatchObject({ sender: safe, paymaster: null })
    const args = [shop, BigInt(eth(1)), '0x12345678', 0]
    expect(decodeFunctionData({ abi, data: hex(one.callData) })).toEqual({ functionName: 'executeUserOp', args })
    expect(await signerOf(one)).toBe(world.key.address)
    const { call, verification, preVerification } = one.gas
    const hash = getUserOperationHash({
      ...{ chainId: 8_453, entryPointAddress, entryPointVersion: '0.7' },
      userOperation: {
        ...{ sender: safe, nonce: one.nonce, callData: hex(one.callData), signature: hex(one.signature) },
        ...{ callGasLimit: call, verificationGasLimit: verification, preVerificationGas: preVerification },
        ...{ maxFeePerGas: one.maxFee, maxPriorityFeePerGas: one.priorityFee },
      },
    })
    expect(sent.user_op_hash).toBe(hash)
    expect(operationIn(sent.signed_tx ?? '')).toEqual(one)
  })

  it('names the transaction of the bundler once the operation is on the chain', async () => {
    await using world = await open()
    const { id, user_op_hash } = await world.send()
    await world.later(1)
    expect(await world.get(id)).toMatchObject({ status: 'broadcast', chain_state: 'pending' })
    await world.fake.include()
    await world.later(1)
    const [{ id: tx_hash = '' } = {}] = world.fake.chain.sent
    expect(await world.get(id)).toMatchObject({ status: 'broadcast', chain_state: 'included', user_op_hash, tx_hash })
    await world.later(20)
    expect(await world.get(id)).toMatchObject({ chain_state: 'confirmed', tx_hash })
  })

  it('says that the call failed if it failed on the chain', async () => {
    await using world = await open()
    const { id } = await world.send()
    await world.fake.include(false)
    await world.later(1)
    expect(await world.get(id)).toMatchObject({ status: 'failed', chain_state: 'reverted' })
  })

  it('makes one operation of one idempotency key, and two of two transactions', async () => {
    await using world = await open()
    const first = await world.send({}, { idempotencyKey: 'once' })
    expect(await world.send({}, { idempotencyKey: 'once' })).toMatchObject({ id: first.id })
    await Promise.all([world.send(), world.send()])
    expect(new Set(world.fake.taken.map(({ nonce }) => nonce)).size).toBe(3)
    expect(world.fake.taken).toHaveLength(3)
  })

  it('needs the Safe of the agent on this chain, and a bundler, whose setting it names', async () => {
    await using none = await open({ hasSafe: false })
    await expect(none.send()).rejects.toMatchObject({ code: 'smart_account_not_found' })
    await using bare = await open({ bundler: null })
    await expect(bare.send()).rejects.toMatchObject({
      ...{ code: 'service_not_configured', data: { service: 'bundler', setting: 'PAWL_BUNDLER_BASE' } },
      message: expect.stringContaining('PAWL_BUNDLER_BASE'),
    })
    expect((await bare.as.intents.list({ agent_id: 'me' })).transactions).toMatchObject([{ status: 'failed' }])
  })

  it('is not for transactions that are only signed, and not for other chains', async () => {
    await using world = await open()
    const { as, owner, agent_id } = world
    const wanted = { agent_id: 'me', to: shop, value: '1', mode: 'smart_account' } as const
    await expect(as.intents.sign({ ...wanted, chain: 'base' })).rejects.toMatchObject({ code: 'not_supported_here' })
    const implied = { agent_id: 'me', to: shop, value: '1', gasless: true, chain: 'base' } as const
    await expect(as.intents.sign(implied)).rejects.toMatchObject({ code: 'not_supported_here' })
    await owner.signers.create({ agent_id, chain: 'solana' })
    const elsewhere = as.intents.submit({ ...wanted, chain: 'solana' })
    await expect(elsewhere).rejects.toMatchObject({ data: { fields: { mode: expect.any(String) } } })
  })

  it.each([safe, safeModule, entryPointAddress])(
    'refuses a call of %s, which could change who owns the Safe',
    async (to) => {
      await using world = await open()
      await expect(world.send({ to, value: '0', data: '0x12345678' })).rejects.toMatchObject({
        data: { fields: { to: expect.any(String) } },
      })
      expect(world.fake.taken).toEqual([])
    },
  )

  it('moves nothing when the Safe of the agent is another one by the time a human approves', async () => {
    await using world = await open({ limits: { tx_approval_above: '0.5' } })
    const { owner, agent_id } = world
    const waiting = await world.send()
    expect(waiting).toMatchObject({ status: 'awaiting_approval' })
    expect(world.fake.calls).toEqual(['estimate'])
    await owner.smartaccounts.add({ agent_id, chain: 'base', chain_id: 8_453, safe_address: other })
    await owner.approvals.approve({ approval_id: waiting.approval_id ?? '' }).catch(() => {})
    await world.later(1)
    expect(world.fake.taken).toEqual([])
    expect(await world.get(waiting.id)).toMatchObject({ status: 'failed' })
  })
})

describe('guardrails', () => {
  it('bound what the Safe moves, and its fees, as they do for the key', async () => {
    await using world = await open({ limits: { tx_max_value: '1', tx_to_allowlist: [shop] } })
    await expect(world.send({ value: eth(2) })).rejects.toMatchObject({ code: 'guardrail_violated' })
    await expect(world.send({ to: other })).rejects.toMatchObject({ code: 'guardrail_violated' })
    expect(world.fake.calls).toEqual([])
    expect(await world.send()).toMatchObject({ status: 'broadcast' })
  })

  it('count operations and transactions of the key together, also at once', async () => {
    await using world = await open({ limits: { tx_daily_limit: '3' } })
    world.fake.chain.fund(world.key.address, BigInt(eth(100)))
    const all = Array.from({ length: 8 }, (_, at) => world.send(at % 2 === 0 ? {} : { mode: 'eoa' }))
    const outcomes = await Promise.allSettled(all)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(world.fake.taken.length + world.fake.chain.sent.length).toBe(3)
  })
})

describe('gasless', () => {
  it('makes the paymaster pay the fees, which cost the agent nothing', async () => {
    await using world = await open()
    const sent = await world.send({ mode: undefined, gasless: true })
    expect(sent).toMatchObject({ status: 'broadcast', from: safe })
    const [one] = world.fake.taken as [UserOperation]
    expect(one.paymaster).toMatchObject({ data: Uint8Array.of(9) })
    expect(one.gas).toMatchObject({ paymasterVerification: 40_000n, paymasterPostOp: 10_000n })
    expect(await signerOf(one)).toBe(world.key.address)
    expect(world.fake.calls).toEqual(['stub', 'estimate', 'data', 'send'])
  })

  it('needs a paymaster, whose setting it names, and is not for the key alone', async () => {
    await using world = await open({ bundler: { pays: false } })
    await expect(world.send({ gasless: true })).rejects.toMatchObject({
      ...{ code: 'service_not_configured', data: { service: 'paymaster', setting: 'PAWL_PAYMASTER_BASE' } },
    })
    await expect(world.send({ gasless: true, mode: 'eoa' })).rejects.toMatchObject({
      data: { fields: { gasless: expect.any(String) } },
    })
    expect(world.fake.calls).toEqual([])
  })
})

describe('a bundler that lies or fails', () => {
  const before: readonly (readonly [BundlerFault, 'estimate' | 'stub' | 'data', string])[] = [
    ['down', 'estimate', 'service_failed'],
    ['down', 'stub', 'service_failed'],
    ['down', 'data', 'service_failed'],
    ['breaks', 'estimate', 'service_failed'],
    ['greedy', 'estimate', 'service_failed'],
    ['greedy', 'data', 'service_failed'],
    ['refuses', 'estimate', 'operation_refused'],
    ['refuses', 'stub', 'operation_refused'],
    ['refuses', 'data', 'operation_refused'],
  ]
  it.each(before)(
    '%s at %s: nothing is signed, no budget is taken, and the answer is %s',
    async (fault, call, code) => {
      await using world = await open({ limits: { tx_daily_limit: '1' } })
      world.fake.fail(fault, call)
      await expect(world.send({ gasless: true })).rejects.toMatchObject({ code })
      expect(world.fake.taken).toEqual([])
      const { transactions } = await world.as.intents.list({ agent_id: 'me' })
      expect(transactions).toMatchObject([{ status: 'failed' }])
      world.fake.fail(null, call)
      expect(await world.send({ gasless: true })).toMatchObject({ status: 'broadcast' })
    },
  )

  it.each(['down', 'other', 'breaks'] as const)(
    '%s when it is sent: the same operation is sent again',
    async (fault) => {
      await using world = await open({ limits: { tx_daily_limit: '1' } })
      world.fake.fail(fault, 'send')
      const { id, status, user_op_hash } = await world.send()
      expect(status).toBe('signed')
      await expect(world.send()).rejects.toMatchObject({ code: 'guardrail_violated' })
      world.fake.fail(null, 'send')
      await world.later(1)
      expect(await world.get(id)).toMatchObject({ status: 'broadcast', user_op_hash })
      expect(world.fake.taken).toHaveLength(1)
    },
  )

  it('a refusal keeps the budget, because the bundler has the signature', async () => {
    await using world = await open({ limits: { tx_daily_limit: '1' } })
    world.fake.fail('refuses', 'send')
    const { id } = await world.send()
    expect(await world.get(id)).toMatchObject({
      ...{ status: 'failed', chain_state: 'refused', error_message: 'AA21 did not pay the prefund' },
    })
    await expect(world.send()).rejects.toMatchObject({ code: 'guardrail_violated' })
    await world.later(9)
    await expect(world.send()).rejects.toMatchObject({ code: 'guardrail_violated' })
    expect(world.fake.calls.filter((one) => one === 'send')).toHaveLength(1)
  })

  it('gives the budget back once the signature has ended and the nonce is unused', async () => {
    await using world = await open({ limits: { tx_daily_limit: '1' } })
    world.fake.fail('refuses', 'send')
    const { id } = await world.send()
    await world.later(30)
    expect(await world.get(id)).toMatchObject({ status: 'failed', chain_state: 'dropped' })
    world.fake.fail(null, 'send')
    expect(await world.send()).toMatchObject({ status: 'broadcast' })
  })

  it('keeps the budget of an operation that it refused and then put on the chain', async () => {
    await using world = await open({ limits: { tx_daily_limit: '1' } })
    world.fake.fail('refuses', 'send')
    const { id } = await world.send()
    await world.fake.include()
    await world.later(1)
    expect(await world.get(id)).toMatchObject({ status: 'broadcast', chain_state: 'included' })
    await world.later(30)
    await expect(world.send()).rejects.toMatchObject({ code: 'guardrail_violated' })
  })

  it('cannot hide an operation that the node knows', async () => {
    await using world = await open()
    const { id } = await world.send()
    await world.fake.include()
    world.fake.fail('down', 'receipt')
    await world.later(1)
    const known = await world.get(id)
    expect(known).toMatchObject({ status: 'broadcast', chain_state: 'included' })
    expect(known.tx_hash).toBeUndefined()
    world.fake.fail(null, 'receipt')
    await world.later(10)
    expect(await world.get(id)).toMatchObject({ tx_hash: world.fake.chain.sent[0]?.id })
  })
})

describe('a bundler that lies about an operation on the chain', () => {
  const receiptWith = async (lie: object) => {
    const world = await open()
    const { receipt } = world.fake.bundler
    world.fake.bundler.receipt = async (hash) => {
      const told = await receipt(hash)
      return told && Object.assign({ ...told }, lie)
    }
    return world
  }

  it('V54: cannot say that a call failed that succeeded, so that the agent pays again', async () => {
    await using world = await receiptWith({ succeeded: false })
    const { id } = await world.send()
    await world.fake.include()
    await world.later(1)
    expect(await world.get(id)).toMatchObject({ status: 'broadcast', chain_state: 'included' })
    await world.later(20)
    expect(await world.get(id)).toMatchObject({ status: 'broadcast', chain_state: 'confirmed' })
  })

  it('V54: cannot say that a call succeeded that failed', async () => {
    await using world = await receiptWith({ succeeded: true })
    const { id } = await world.send()
    await world.fake.include(false)
    await world.later(1)
    expect(await world.get(id)).toMatchObject({ status: 'failed', chain_state: 'reverted' })
  })

  it('V54: cannot name a transaction that does not have the operation', async () => {
    await using world = await open()
    const wallet = world.fake.chain.wallet('stranger', BigInt(eth(1)))
    const transactionId = await world.fake.chain.broadcast(await wallet.transfer({ to: entryPointAddress, value: 0n }))
    world.fake.bundler.receipt = async () => ({ transactionId })
    const { id } = await world.send()
    await world.fake.include()
    await world.later(20)
    const known = await world.get(id)
    expect(known).toMatchObject({ status: 'broadcast', chain_state: 'included' })
    expect(known.tx_hash).toBeUndefined()
  })
})

describe('a service or a node that lies about who pays, how much, and when', () => {
  it('a paymaster with the zero address makes the Safe pay, so nothing is signed', async () => {
    await using world = await open({ limits: { tx_overhead_budget: { base: '0' } } })
    const zero = '0x0000000000000000000000000000000000000000'
    world.fake.bundler.paymaster.data = async () => ({ address: zero, data: Uint8Array.of(9) })
    await expect(world.send({ gasless: true })).rejects.toMatchObject({ code: 'service_failed' })
    expect(world.fake.taken).toEqual([])
  })

  it('gasless without a mode is not for transactions that are only signed', async () => {
    await using world = await open()
    const asked = world.as.intents.sign({ agent_id: 'me', chain: 'base', to: shop, value: '1', gasless: true })
    await expect(asked).rejects.toMatchObject({ code: 'not_supported_here' })
  })

  it('a node with a clock in the future does not make a signature that holds longer', async () => {
    await using world = await open()
    const tip = await world.fake.chain.tip()
    world.fake.chain.tip = async () => ({ ...tip, at: tip.at + 365 * 86_400_000 })
    await world.send()
    const [one] = world.fake.taken as [UserOperation]
    expect(Number(hex(one.signature.subarray(6, 12)))).toBeLessThanOrEqual(tip.at / 1_000 + 600)
  })
})
