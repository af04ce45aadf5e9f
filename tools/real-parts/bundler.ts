import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { concat, decodeEventLog, encodeAbiParameters, encodeFunctionData, toHex } from 'viem'
import {
  entryPoint07Address as entryPoint,
  entryPoint07Abi,
  toPackedUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { type Anvil, richKey } from './anvil.ts'
import { artefactIn, deployFrom, sent } from './safe.ts'
import { safeModule } from './safe-operation.ts'

// A small bundler and a paymaster on anvil, with the contracts of their authors: the entry point 0.7, the module of Safe and
// `VerifyingPaymaster`. It carries out each operation at once, with `handleOps`.

type Hex = `0x${string}`
type Operation = UserOperation<'0.7'>
type RpcOperation = { readonly [K in keyof Operation]?: Hex }

const require = createRequire(import.meta.url)
const quantities = [
  ...['nonce', 'callGasLimit', 'verificationGasLimit', 'preVerificationGas', 'maxFeePerGas', 'maxPriorityFeePerGas'],
  ...['paymasterVerificationGasLimit', 'paymasterPostOpGasLimit'],
]
const stubData = concat([encodeAbiParameters([{ type: 'uint48' }, { type: 'uint48' }], [0, 0]), toHex(1, { size: 65 })])

export interface RealBundler extends AsyncDisposable {
  /** Of the bundler and the paymaster. */
  readonly url: string
}

/**
 * Starts a bundler for a chain on anvil, and puts the contracts at their usual addresses.
 *
 * @example
 * await using node = await startAnvil({ chainId: 8453 })
 * await using bundler = await startBundler(node)
 */
export async function startBundler(node: Anvil): Promise<RealBundler> {
  await place(node, 'EntryPoint', entryPoint, [])
  await place(node, 'Safe4337Module', safeModule, [entryPoint])
  const signer = privateKeyToAccount(richKey)
  const paymaster = await deployFrom(node, fileOf('VerifyingPaymaster'), [entryPoint, signer.address])
  const deposit = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [paymaster] })
  await node.ask('eth_sendTransaction', {
    from: signer.address,
    to: entryPoint,
    data: deposit,
    value: toHex(10n ** 18n),
  })
  const call = (to: Hex, data: Hex) =>
    node.ask('eth_call', { from: signer.address, to, data }, 'latest') as Promise<Hex>
  const carryOut = (one: RpcOperation) => {
    const args = [[toPackedUserOperation(read(one))], signer.address] as const
    return encodeFunctionData({ abi: entryPoint07Abi, functionName: 'handleOps', args })
  }
  const hashOf = (one: RpcOperation) => {
    const args = [toPackedUserOperation(read(one))] as const
    return call(entryPoint, encodeFunctionData({ abi: entryPoint07Abi, functionName: 'getUserOpHash', args }))
  }

  const methods: Readonly<Record<string, (first: never) => Promise<unknown>>> = {
    eth_chainId: () => node.ask('eth_chainId'),
    eth_estimateUserOperationGas: async () => ({
      ...{ callGasLimit: toHex(300_000), verificationGasLimit: toHex(400_000), preVerificationGas: toHex(60_000) },
    }),
    eth_sendUserOperation: async (one: RpcOperation) => {
      const [hash, data] = [await hashOf(one), carryOut(one)]
      if (await receiptOf(node, hash)) return hash
      await call(entryPoint, data).catch((error) => {
        throw new Refused(error)
      })
      await sent(node, { from: signer.address, to: entryPoint, data })
      return hash
    },
    eth_getUserOperationReceipt: (hash: Hex) => receiptOf(node, hash),
    pm_getPaymasterStubData: async () => {
      const limits = { paymasterVerificationGasLimit: toHex(100_000), paymasterPostOpGasLimit: toHex(20_000) }
      return { paymaster, paymasterData: stubData, ...limits }
    },
    pm_getPaymasterData: async (one: RpcOperation) => {
      const args = [toPackedUserOperation(read({ signature: '0x', ...one })), 0, 0]
      const data = encodeFunctionData({
        abi: artefactIn(fileOf('VerifyingPaymaster')).abi,
        functionName: 'getHash',
        args,
      })
      const signature = await signer.signMessage({ message: { raw: await call(paymaster, data) } })
      return { paymaster, paymasterData: concat([stubData.slice(0, 130) as Hex, signature]) }
    },
  }
  return serve(methods)
}

class Refused extends Error {
  constructor(error: unknown) {
    const { message } = error as Error
    super(message.match(/AA\d\d [a-z ]+/)?.[0] ?? message)
  }
}

function read(one: RpcOperation): Operation {
  const entries = Object.entries(one).map(([name, value]) => [
    name,
    quantities.includes(name) ? BigInt(value ?? 0) : value,
  ])
  return Object.fromEntries(entries) as Operation
}

/** Where the entry point says that an operation ran. */
async function receiptOf(node: Anvil, hash: Hex) {
  const logs = (await node.ask('eth_getLogs', { address: entryPoint, fromBlock: '0x0', topics: [null, hash] })) as {
    readonly data: Hex
    readonly topics: [Hex, ...Hex[]]
    readonly transactionHash: Hex
  }[]
  for (const { data, topics, transactionHash } of logs) {
    const { eventName, args } = decodeEventLog({ abi: entryPoint07Abi, data, topics })
    if (eventName !== 'UserOperationEvent') continue
    return { userOpHash: hash, success: args.success, receipt: { transactionHash } }
  }
  return null
}

async function serve(methods: Readonly<Record<string, (first: never) => Promise<unknown>>>): Promise<RealBundler> {
  const server = createServer(async (request, response) => {
    const { id, method, params } = JSON.parse(await textOf(request)) as { id: number; method: string; params: never[] }
    const answer = await (methods[method]?.(params[0] as never) ?? Promise.reject(new Error('no such method'))).then(
      (result) => ({ result }),
      (error: Error) => ({ error: { code: error instanceof Refused ? -32_500 : -32_603, message: error.message } }),
    )
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function fileOf(name: string): string {
  const path =
    name === 'Safe4337Module'
      ? `@safe-global/safe-4337/build/artifacts/contracts/${name}.sol/${name}.json`
      : `@account-abstraction/contracts/artifacts/${name}.json`
  return require.resolve(path)
}

/** Deploys a contract, and puts its code at an address. */
async function place(node: Anvil, name: string, address: Hex, args: readonly unknown[]): Promise<void> {
  const at = await deployFrom(node, fileOf(name), args)
  await node.ask('anvil_setCode', address, await node.ask('eth_getCode', at, 'latest'))
}
