import { ChainRejected } from '@pawl/core/ports'
import { type MemoryChain, memoryChain, type SentTransaction } from '@pawl/core/ports/reference'
import { listen, sendJson } from './loopback.ts'

export interface FakeChainOptions extends NonNullable<Parameters<typeof memoryChain>[0]> {
  /** Whether each transaction immediately gets its own block, so that an agent does not wait. */
  readonly minesAtOnce?: boolean
}

export interface FakeChain extends AsyncDisposable {
  /** The JSON-RPC endpoint. */
  readonly url: string
  /** The chain of the node: its wallets, blocks, and sent transactions. */
  readonly chain: MemoryChain
  /** The calls, in order. */
  readonly calls: readonly { readonly method: string; readonly params: readonly unknown[] }[]
  close(): Promise<void>
}

/**
 * An EVM node on loopback for testing agents. It accepts signed transactions. Its money has no value.
 *
 * @example
 * await using node = await startFakeChain({ chainId: 8453n })
 * node.chain.fund(agentAddress, 10n ** 18n)
 * await runMyAgent({ rpcUrl: node.url })
 * expect(node.chain.sent).toMatchObject([{ to: shop, value: 5n }])
 */
export async function startFakeChain({ minesAtOnce = true, ...options }: FakeChainOptions = {}): Promise<FakeChain> {
  const chain = memoryChain({ name: 'fake', ...options })
  const calls: { method: string; params: readonly unknown[] }[] = []

  const answer = async (asked: Asked) => {
    const { id = null, method, params = [] } = asked
    try {
      const work = methods[method]
      if (!work) throw new RpcError(-32_601, `the method ${method} does not exist`)
      calls.push({ method, params })
      const result = await work(chain, params)
      if (minesAtOnce && method === 'eth_sendRawTransaction') chain.mine()
      return { jsonrpc: '2.0', id, result }
    } catch (error) {
      return { jsonrpc: '2.0', id, error: errorOf(error) }
    }
  }

  const { url, close } = await listen(async (_, body, response) => {
    const asked = parse(body)
    if (!asked)
      return sendJson(response, 400, { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'no JSON' } })
    const answers: unknown[] = []
    for (const one of [asked].flat()) answers.push(await answer(one))
    sendJson(response, 200, Array.isArray(asked) ? answers : answers[0])
  })
  return { url, chain, calls, close, [Symbol.asyncDispose]: close }
}

interface Asked {
  readonly id?: unknown
  readonly method: string
  readonly params?: readonly unknown[]
}

type Method = (chain: MemoryChain, params: readonly unknown[]) => unknown

const methods: Readonly<Record<string, Method>> = {
  eth_chainId: ({ facts }) => quantity(facts.chainId ?? 0n),
  net_version: ({ facts }) => String(facts.chainId),
  eth_blockNumber: async (chain) => quantity((await chain.tip()).height),
  eth_getBalance: async (chain, [address]) => quantity(await chain.balance(textOf(address))),
  eth_getTransactionCount: async (chain, [address, at]) => quantity(await countOf(chain, textOf(address), at)),
  eth_gasPrice: async (chain) => quantity((await feesOf(chain)).base + (await feesOf(chain)).priority),
  eth_maxPriorityFeePerGas: async (chain) => quantity((await feesOf(chain)).priority),
  eth_feeHistory: feeHistory,
  eth_getBlockByNumber: (chain, [at, isWhole]) => block(chain, at, isWhole),
  eth_getLogs: () => [],
  eth_estimateGas: async (chain, [call]) => quantity((await simulated(chain, call)).fuel),
  eth_call: async (chain, [call]) => text((await simulated(chain, call)).returned),
  eth_getCode: () => '0x',
  eth_sendRawTransaction: (chain, [signed]) => chain.broadcast(bytesOf(signed)),
  eth_getTransactionByHash: (chain, [id]) => shown(chain.sent.find((one) => one.id === id)),
  eth_getTransactionReceipt: (chain, [id]) => receipt(chain.sent.find((one) => one.id === id)),
}

async function feesOf(chain: MemoryChain): Promise<{ base: bigint; priority: bigint }> {
  const fees = await chain.fees()
  if (fees.model !== 'gas') throw new Error('an EVM chain counts gas')
  return { base: fees.base ?? 0n, priority: fees.priority }
}

async function countOf(chain: MemoryChain, address: string, at: unknown): Promise<bigint> {
  if (at === 'pending') {
    const account = await chain.account(address)
    return account.model === 'counter' ? account.next : 0n
  }
  const isOwn = ({ from, included }: SentTransaction) => included && from.toLowerCase() === address.toLowerCase()
  return BigInt(chain.sent.filter(isOwn).length)
}

async function feeHistory(chain: MemoryChain, [count, , percentiles]: readonly unknown[]) {
  const { base, priority } = await feesOf(chain)
  const blocks = Math.min(Number(count), 1_024)
  const rewards = Array.isArray(percentiles) ? percentiles.map(() => quantity(priority)) : null
  return {
    oldestBlock: quantity(0n),
    baseFeePerGas: Array(blocks + 1).fill(quantity(base)),
    gasUsedRatio: Array(blocks).fill(0.5),
    ...(rewards ? { reward: Array(blocks).fill(rewards) } : {}),
  }
}

async function block(chain: MemoryChain, at: unknown, isWhole: unknown) {
  const tip = await chain.tip()
  const height = typeof at === 'string' && at.startsWith('0x') ? BigInt(at) : tip.height
  const own = await chain.blockAt(height)
  if (!own) return null
  const parent = height === 0n ? null : await chain.blockAt(height - 1n)
  const sent = chain.sent.filter(({ included }) => included?.height === height)
  return {
    number: quantity(height),
    hash: own.id,
    parentHash: parent?.id ?? `0x${'0'.repeat(64)}`,
    timestamp: quantity(BigInt(Math.floor(own.at / 1_000))),
    baseFeePerGas: quantity((await feesOf(chain)).base),
    gasLimit: quantity(30_000_000n),
    gasUsed: quantity(0n),
    transactions: isWhole ? sent.map(shown) : sent.map(({ id }) => id),
  }
}

async function simulated(chain: MemoryChain, call: unknown): Promise<{ fuel: bigint; returned: Uint8Array }> {
  const { from, to, value, data, input } = (call ?? {}) as Record<string, unknown>
  const zero = `0x${'0'.repeat(40)}`
  const asked = { from: textOf(from ?? zero), to: textOf(to ?? zero), value: BigInt(textOf(value ?? '0x0')) }
  const [done] = await chain.simulate([{ ...asked, data: bytesOf(input ?? data ?? '0x') }])
  if (done?.succeeded) return done
  throw new RpcError(3, `execution reverted: ${done?.reason}`)
}

function shown(sent: SentTransaction | undefined) {
  if (!sent) return null
  const { id, from, to, value, nonce, data, gasLimit, feeMax, priority, chainId } = sent
  return {
    hash: id,
    type: '0x2',
    from,
    to,
    value: quantity(value),
    nonce: quantity(nonce),
    input: text(data),
    gas: quantity(gasLimit),
    maxFeePerGas: quantity(feeMax),
    maxPriorityFeePerGas: quantity(priority),
    chainId: quantity(chainId),
    ...placeOf(sent),
  }
}

function receipt(sent: SentTransaction | undefined) {
  if (!sent?.included) return null
  const { id, from, to, included } = sent
  return {
    transactionHash: id,
    type: '0x2',
    from,
    to,
    contractAddress: null,
    status: included.succeeded ? '0x1' : '0x0',
    gasUsed: quantity(included.fuelUsed),
    cumulativeGasUsed: quantity(included.fuelUsed),
    effectiveGasPrice: quantity(included.price),
    logs: [],
    logsBloom: `0x${'0'.repeat(512)}`,
    ...placeOf(sent),
  }
}

function placeOf({ included }: SentTransaction) {
  if (!included) return { blockNumber: null, blockHash: null, transactionIndex: null }
  return { blockNumber: quantity(included.height), blockHash: included.blockId, transactionIndex: '0x0' }
}

class RpcError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** The messages of common nodes, which clients look for. */
const rejections: Readonly<Record<ChainRejected['rejection'], string>> = {
  malformed: 'rlp: invalid transaction',
  wrong_chain: 'invalid chain id for signer',
  nonce_used: 'nonce too low',
  insufficient_funds: 'insufficient funds for gas * price + value',
  underpriced: 'replacement transaction underpriced',
  refused: 'transaction refused',
}

function errorOf(error: unknown): { code: number; message: string } {
  if (error instanceof RpcError) return { code: error.code, message: error.message }
  if (error instanceof ChainRejected) return { code: -32_000, message: rejections[error.rejection] }
  return { code: -32_602, message: 'invalid argument' }
}

function parse(body: string): Asked | readonly Asked[] | null {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const quantity = (value: bigint) => `0x${value.toString(16)}`
const text = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`

function textOf(value: unknown): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]*$/i.test(value)) throw new TypeError('not hexadecimal')
  return value
}

function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(textOf(value).slice(2), 'hex'))
}
