import { inspect } from 'node:util'
import { ChainRejected, ChainUnavailable, entryPoint, type UserOperation } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testBundler } from '@pawl/testkit/conformance'
import { type FakeBundler, fakeBundler, loopbackEgress, startFakeBundler } from '@pawl/testkit/fakes'
import { getUserOperationHash } from 'viem/account-abstraction'
import { describe, expect, it, onTestFinished } from 'vitest'
import { jsonRpcBundler } from './bundler.ts'

// Goal: what a bundler or a paymaster answers is read exactly, and everything else is no answer. Method: the conformance suite, and a
// fake that answers nonsense.

let made = 0n
const operation = (): UserOperation => ({
  ...{ sender: '0x5aFE3855358E112B5647B952709E6165e1c1eEEe', nonce: ++made << 64n, callData: Uint8Array.of(1, 2, 3) },
  gas: { call: 1n, verification: 2n, preVerification: 3n, paymasterVerification: 0n, paymasterPostOp: 0n },
  ...{ maxFee: 7n, priorityFee: 5n, paymaster: null, signature: new Uint8Array(77) },
})
const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`
const hashOf = ({ sender, nonce, callData, gas, maxFee, priorityFee, signature }: UserOperation) =>
  getUserOperationHash({
    ...{ chainId: 8_453, entryPointAddress: entryPoint, entryPointVersion: '0.7' },
    userOperation: {
      ...{ sender: sender as `0x${string}`, nonce, callData: hex(callData), signature: hex(signature) },
      ...{ callGasLimit: gas.call, verificationGasLimit: gas.verification, preVerificationGas: gas.preVerification },
      ...{ maxFeePerGas: maxFee, maxPriorityFeePerGas: priorityFee },
    },
  })
const opened = (fake: FakeBundler) => ({ chain: fake.chain, operation, hashOf, included: () => fake.include() })

async function served() {
  const { url, fake, answerWith, close } = await startFakeBundler()
  const options = { egress: loopbackEgress(), url, paymasterUrl: url, facts: fake.chain.facts, timeoutMs: 2_000 }
  return { fake, url, answerWith, close, bundler: jsonRpcBundler(options) }
}

testBundler(
  'the fake in memory',
  () => {
    const fake = fakeBundler()
    return { bundler: fake.bundler, ...opened(fake) }
  },
  { describe, it },
)
testBundler(
  'jsonRpcBundler with a fake',
  async () => {
    const { bundler, fake, close } = await served()
    return { bundler, close, ...opened(fake) }
  },
  { describe, it },
)

describe('a bundler over JSON-RPC', () => {
  const open = async () => {
    const one = await served()
    onTestFinished(one.close)
    return one
  }

  it('asks the paymaster under its own URL', async () => {
    const { bundler, fake } = await open()
    const stub = await bundler.paymaster?.stub(operation())
    expect(stub).toMatchObject({
      data: Uint8Array.of(1, 2, 3),
      verificationGas: null,
      postOpGas: 10_000n,
      isFinal: false,
    })
    expect(await bundler.paymaster?.data(operation())).toMatchObject({ address: stub?.address, data: Uint8Array.of(9) })
    expect(fake.calls).toEqual(['stub', 'data'])
  })

  it('has no paymaster without a URL of one', async () => {
    const { url, fake } = await open()
    expect(jsonRpcBundler({ egress: loopbackEgress(), url, facts: fake.chain.facts }).paymaster).toBeUndefined()
  })

  it('refuses what the bundler refuses, with its words', async () => {
    const { bundler, fake } = await open()
    fake.fail('refuses', 'estimate', 'send', 'stub', 'data')
    const { estimate, send, paymaster } = bundler
    for (const call of [estimate, send, paymaster?.stub, paymaster?.data]) {
      await expect(call?.(operation())).rejects.toThrow(ChainRejected)
      await expect(call?.(operation())).rejects.toThrow('AA21')
    }
  })

  it('V53: shows no key of its URL or of that of the paymaster, when they repeat the URL', async () => {
    const { url, fake, answerWith } = await open()
    const keys = { bundler: tagged('k3y-9fKq27ZxBundler'), paymaster: tagged('k3y-77TrWq0pPaymaster') }
    const own = { bundler: `${url}/v2/${keys.bundler}`, paymaster: `${url}/rpc?apikey=${keys.paymaster}` }
    const options = { egress: loopbackEgress(), facts: fake.chain.facts, url: own.bundler, paymasterUrl: own.paymaster }
    const { estimate, send, receipt, paymaster } = jsonRpcBundler(options)
    for (const [service, calls] of [
      ['bundler', [estimate, send]],
      ['paymaster', [paymaster?.stub, paymaster?.data]],
    ] as const) {
      const said = `AA21 at ${own[service]}, key ${keys[service].toUpperCase()}, ${encodeURIComponent(own[service])}`
      answerWith((method) =>
        method === 'eth_chainId' ? undefined : { error: { code: -32_500, message: said, data: own[service] } },
      )
      for (const call of calls) {
        const error = await call?.(operation()).catch((thrown) => thrown)
        expect(error).toBeInstanceOf(ChainRejected)
        expect(error.message).toMatch(/^AA21 at .*\[redacted\]/)
        expect(inspect(error).toLowerCase()).not.toContain(keys[service].toLowerCase())
      }
    }
    await expect(receipt(`0x${'1'.repeat(64)}`)).rejects.not.toThrow(keys.bundler)
  })

  it.each([
    ['another chain', (method: string) => (method === 'eth_chainId' ? { result: '0x1' } : undefined)],
    ['a text', () => ({ result: 'yes' })],
    ['a list', () => ({ result: [] })],
    ['nothing', () => ({})],
    [
      'numbers that are no quantities',
      (method: string) =>
        method === 'eth_chainId' ? undefined : { result: { callGasLimit: -1, verificationGasLimit: 1.5 } },
    ],
    [
      'the receipt of another operation',
      (method: string) => (method === 'eth_chainId' ? undefined : { result: { userOpHash: '0x12', receipt: {} } }),
    ],
    [
      'an internal error',
      (method: string) => (method === 'eth_chainId' ? undefined : { error: { code: -32_603, message: 'internal' } }),
    ],
  ])('takes %s for no answer', async (_, answer) => {
    const { bundler, answerWith } = await open()
    answerWith(answer)
    const calls = [bundler.estimate(operation()), bundler.send(operation()), bundler.receipt(`0x${'1'.repeat(64)}`)]
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(ChainUnavailable) })
    }
  })
})
