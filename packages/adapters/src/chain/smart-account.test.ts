import { entryPoint, type UserOperation } from '@pawl/core/ports'
import { testBundler } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { encodeFunctionData, parseAbi } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it, test, vi } from 'vitest'
import { type Anvil, startAnvil } from '../../../../tools/real-parts/anvil.ts'
import { startBundler } from '../../../../tools/real-parts/bundler.ts'
import { deploySafe } from '../../../../tools/real-parts/safe.ts'
import { safeModule, safeOperationHash } from '../../../../tools/real-parts/safe-operation.ts'
import { deployToken } from '../../../../tools/real-parts/token.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { nodeEgress } from '../egress/node.ts'
import { jsonRpcBundler } from './bundler.ts'
import { evmChain } from './evm.ts'

// Goal: what the agent asks for is what its Safe does, and who pays the fees is who should. Method: the entry point, the Safe, its
// module and a paymaster of their authors' bytecode on a real node, with a small bundler that calls `handleOps`.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n
const facts = { name: 'base', family: 'evm', chainId: 8_453n, decimals: 18 } as const
const fund = (node: Anvil, address: string) => node.ask('anvil_setBalance', address, `0x${(10n * ether).toString(16)}`)
const egressTo = (...urls: string[]) => nodeEgress({ allow: urls.map((url) => new URL(url).origin) })

describe.runIf(isLong('smart accounts on a real node'))('a smart account on a real node', () => {
  test('pays, with or without a paymaster, and only with the key of its owner', { timeout: 180_000 }, async () => {
    await using node = await startAnvil({ chainId: 8_453 })
    await using bundler = await startBundler(node)
    const egress = egressTo(node.url, bundler.url)
    await using world = await testPawl({
      chains: ({ name }) => (name === 'base' ? evmChain({ egress, urls: [node.url], facts }) : null),
      bundlers: () => jsonRpcBundler({ egress, url: bundler.url, paymasterUrl: bundler.url, facts }),
    })
    // The chain has the time of this machine, and the signature of an operation ends by the earlier of both clocks.
    world.clock.advance(Date.now() - world.clock.now())
    const { owner } = world
    const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true })
    const { address } = await owner.signers.create({ agent_id, chain: 'ethereum' })
    const place = { agent_id, chain: 'base', chain_id: 8_453 }
    const safe = await deploySafe(node, [address], 1, safeModule)
    await fund(node, safe)
    await owner.smartaccounts.import({ ...place, safe_address: safe })
    const balance = async (of: string) => BigInt(String(await node.ask('eth_getBalance', of, 'latest')))
    const pay = { agent_id: 'me', chain: 'base', to: shop, value: '1.0', mode: 'smart_account' } as const
    /** Follows a transaction until the node has decided about it. */
    const decided = ({ id: tx_id }: { id: string }) =>
      vi.waitFor(async () => {
        world.clock.advance(60_000)
        await world.pawl.runJobs()
        const now = await owner.intents.get({ agent_id, tx_id })
        expect(['included', 'confirmed', 'reverted']).toContain(now.chain_state)
        return now
      }, 20_000)

    // The Safe pays.
    const paid = await as.intents.submit(pay)
    expect(paid).toMatchObject({ status: 'broadcast', from: safe })
    const { tx_hash } = await decided(paid)
    const receipt = await node.ask('eth_getTransactionReceipt', tx_hash)
    expect(receipt).toMatchObject({ status: '0x1', to: entryPoint.toLowerCase() })
    expect(await balance(shop)).toBe(ether)
    expect(await balance(safe)).toBeLessThan(9n * ether)
    expect(await balance(address)).toBe(0n)

    // A paymaster pays.
    const before = await balance(safe)
    expect(await decided(await as.intents.submit({ ...pay, gasless: true }))).toMatchObject({ status: 'broadcast' })
    expect(await balance(shop)).toBe(2n * ether)
    expect(before - (await balance(safe))).toBe(ether)

    // The call of the Safe fails on the chain.
    const abi = parseAbi(['function transfer(address to, uint256 amount) returns (bool)'])
    const data = encodeFunctionData({ abi, functionName: 'transfer', args: [shop, 1n] })
    const poor = { ...pay, to: await deployToken(node), value: '0', data }
    expect(await decided(await as.intents.submit(poor))).toMatchObject({ status: 'failed', chain_state: 'reverted' })
    await expect(as.intents.submit({ ...poor, simulate_first: true })).rejects.toMatchObject({
      code: 'simulation_reverted',
    })

    // The key is no owner.
    const others = await deploySafe(node, [shop], 1, safeModule)
    await fund(node, others)
    await owner.smartaccounts.add({ ...place, safe_address: others })
    expect(await as.intents.submit(pay)).toMatchObject({
      ...{ status: 'failed', chain_state: 'refused', error_message: expect.stringContaining('AA24') },
    })
    expect(await balance(others)).toBe(10n * ether)
  })

  testBundler(
    'jsonRpcBundler with contracts',
    async () => {
      const node = await startAnvil({ chainId: 8_453 })
      const bundler = await startBundler(node)
      const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
      const sender = await deploySafe(node, [account.address], 1, safeModule)
      await fund(node, sender)
      let made = 0n
      return {
        bundler: jsonRpcBundler({ egress: egressTo(bundler.url), url: bundler.url, facts }),
        chain: evmChain({ egress: egressTo(node.url), urls: [node.url], facts }),
        operation: async () => {
          const unsigned = operationOf(sender, ++made)
          const signature = await account.sign({ hash: safeOperationHash(unsigned, 8_453, 0) })
          return {
            ...unsigned,
            signature: Uint8Array.from(Buffer.from(`${'00'.repeat(12)}${signature.slice(2)}`, 'hex')),
          }
        },
        hashOf,
        included: async () => {},
        close: async () => {
          await bundler[Symbol.asyncDispose]()
          await node.close()
        },
      }
    },
    { describe, it },
  )
})

const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`

function operationOf(sender: string, lane: bigint): UserOperation {
  const abi = parseAbi(['function executeUserOp(address to, uint256 value, bytes data, uint8 operation)'])
  const callData = encodeFunctionData({ abi, args: [shop, 1n, '0x', 0] })
  return {
    ...{ sender, nonce: lane << 64n, callData: Uint8Array.from(Buffer.from(callData.slice(2), 'hex')) },
    gas: {
      ...{ call: 100_000n, verification: 400_000n, preVerification: 60_000n },
      ...{ paymasterVerification: 0n, paymasterPostOp: 0n },
    },
    ...{ maxFee: 10n ** 10n, priorityFee: 10n ** 9n, paymaster: null, signature: new Uint8Array(0) },
  }
}

function hashOf({ sender, nonce, callData, gas, maxFee, priorityFee, signature }: UserOperation): string {
  return getUserOperationHash({
    ...{ chainId: 8_453, entryPointAddress: entryPoint, entryPointVersion: '0.7' },
    userOperation: {
      ...{ sender: sender as `0x${string}`, nonce, callData: hex(callData), signature: hex(signature) },
      ...{ callGasLimit: gas.call, verificationGasLimit: gas.verification, preVerificationGas: gas.preVerification },
      ...{ maxFeePerGas: maxFee, maxPriorityFeePerGas: priorityFee },
    },
  })
}
