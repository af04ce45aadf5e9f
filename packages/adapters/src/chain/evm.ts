import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  type Chain,
  type ChainFacts,
  ChainRejected,
  type ChainRejection,
  ChainUnavailable,
  entryPoint,
  hex,
  keyRemover,
  type Simulating,
  utf8,
  type Watching,
  type Witnessing,
} from '@pawl/core/ports'
import { bytesOf, listOf, quantityOf, recordOf, unreadable } from './answers.ts'
import { arrivalsIn, blockAt } from './evm-arrivals.ts'
import { simulateCalls } from './evm-simulation.ts'
import { withoutKeys } from './keyed-urls.ts'
import { type Ask, askers, firstAnswer, NodeError, type NodesOptions, withoutErrors } from './nodes.ts'
import { agreed as agreedBy } from './rest.ts'

export interface EvmChainOptions extends Omit<NodesOptions, 'name'> {
  readonly facts: ChainFacts
}

/**
 * A chain of the EVM family, through one or more nodes. A node that does not answer is skipped. With two or more nodes, two
 * must agree about each balance and each deposit.
 *
 * @example
 * const base = { name: 'base', family: 'evm', chainId: 8453n, decimals: 18 } as const
 * const chain = evmChain({ egress, urls: ['https://rpc.example.com/v2/key'], facts: base })
 */
export function evmChain({ facts, ...options }: EvmChainOptions): Chain & Simulating & Watching & Witnessing {
  const { name } = facts
  const all = askers({ ...options, name }).map((ask) => onlyOn(facts, ask))
  const sure = all.map((one) => withoutErrors(one, name))
  const ask = firstAnswer(all)
  const call = withoutErrors(ask, name)
  const block = async () => recordOf(await call('eth_getBlockByNumber', 'latest', false))
  const clean = keyRemover(options.urls)
  const isKnown = async (id: string) => (await call('eth_getTransactionByHash', id)) !== null

  return withoutKeys(clean, {
    facts,

    balance: (address, token) => agreed(sure, name, (one, at) => balanceAt(one, address, token, at)),

    account: async (address) => {
      return { model: 'counter', next: quantityOf(await call('eth_getTransactionCount', address, 'pending')) }
    },

    fees: async () => {
      const { baseFeePerGas } = await block()
      if (baseFeePerGas === undefined || baseFeePerGas === null) {
        return { model: 'gas', base: null, priority: quantityOf(await call('eth_gasPrice')) }
      }
      const priority = quantityOf(await call('eth_maxPriorityFeePerGas'))
      return { model: 'gas', base: quantityOf(baseFeePerGas), priority }
    },

    tip: async () => {
      const { number, hash, timestamp } = await block()
      return { height: quantityOf(number), id: String(hash), at: Number(quantityOf(timestamp)) * 1_000 }
    },

    broadcast: async (signed) => {
      const id = `0x${hex(keccak_256(signed))}`
      try {
        const told = await ask('eth_sendRawTransaction', `0x${hex(signed)}`)
        if (told !== id) throw new ChainUnavailable(`A node of ${name} took the transaction under another ID.`)
      } catch (error) {
        if (!(error instanceof NodeError)) throw error
        // A node refuses what it has, and what is in a block already. Both mean that the chain has it.
        if (!(await isKnown(id))) throw refusal(error)
      }
      return id
    },

    status: async (id) => {
      const receipt = await call('eth_getTransactionReceipt', id)
      if (receipt === null) return { state: (await isKnown(id)) ? 'pending' : 'unknown' }
      const { status, blockNumber, transactionHash } = recordOf(receipt)
      if (transactionHash !== id)
        throw new ChainUnavailable(`A node of ${name} gave the receipt of another transaction.`)
      const [height, tip] = [quantityOf(blockNumber), quantityOf(await call('eth_blockNumber'))]
      // Behind a load balancer, the second answer can come from a node that is behind the first.
      const confirmations = tip < height ? 1n : tip - height + 1n
      return { state: 'included', succeeded: quantityOf(status) === 1n, height, confirmations }
    },

    operationSucceeded: async (transactionId, operationHash) => {
      const receipt = await call('eth_getTransactionReceipt', transactionId)
      return receipt === null ? null : outcomeIn(recordOf(receipt), transactionId, operationHash)
    },

    simulate: async (calls) => {
      const results = await simulateCalls(ask, name, calls)
      return results.map((one) => (one.succeeded ? one : { ...one, reason: clean(one.reason) }))
    },

    arrivals: (wanted) => agreedBy(sure, name, (one) => arrivalsIn(one, wanted), 'a deposit'),

    blockAt: (height) => agreedBy(sure, name, (one) => blockAt(one, height), 'a block'),
  })
}

/** UserOperationEvent of the entry point 0.7. Its data begins with the nonce, and whether the call succeeded. */
const operationTopic = `0x${hex(
  keccak_256(utf8('UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)')),
)}`

function outcomeIn(
  { transactionHash, logs }: Readonly<Record<string, unknown>>,
  transactionId: string,
  operationHash: string,
): boolean | null {
  if (transactionHash !== transactionId) throw unreadable('the receipt that was asked for')
  const own = listOf(logs)
    .map(recordOf)
    .find(({ address, topics }) => {
      const [topic, hash] = listOf(topics)
      return (
        String(address).toLowerCase() === entryPoint.toLowerCase() && topic === operationTopic && hash === operationHash
      )
    })
  if (!own) return null
  const data = bytesOf(own.data)
  if (data.length !== 128) throw unreadable('an event of the entry point')
  return data.subarray(32, 64).some((byte) => byte !== 0)
}

/** Asks nothing of a node until it has said that it belongs to this chain. */
function onlyOn({ name, chainId }: ChainFacts, ask: Ask): Ask {
  let isRight = false
  return async (...asked) => {
    isRight ||= quantityOf(await withoutErrors(ask, name)('eth_chainId')) === chainId
    if (!isRight) throw new ChainUnavailable(`A node of ${name} belongs to another chain than ${chainId}.`)
    return ask(...asked)
  }
}

/** balanceOf(address), as ERC-20 has it, or the native currency. */
async function balanceAt(ask: Ask, address: string, token: string | undefined, at: string): Promise<bigint> {
  if (token === undefined) return quantityOf(await ask('eth_getBalance', address, at))
  const data = `0x70a08231${address.slice(2).toLowerCase().padStart(64, '0')}`
  return quantityOf(await ask('eth_call', { to: token, data }, at))
}

/** Asks two nodes about the same block if there are two, because one could lie. A node that does not answer is skipped. */
async function agreed(
  all: readonly Ask[],
  name: string,
  question: (ask: Ask, at: string) => Promise<bigint>,
): Promise<bigint> {
  if (all.length === 1) return question(all[0] as Ask, 'latest')
  const heights = await Promise.allSettled(all.map(async (ask) => quantityOf(await ask('eth_blockNumber'))))
  const ready = all.flatMap((ask, at) => {
    const height = heights[at]
    return height?.status === 'fulfilled' ? [{ ask, height: height.value }] : []
  })
  const two = ready.slice(0, 2)
  if (two.length < 2) throw new ChainUnavailable(`Fewer than two nodes of ${name} answer, and a balance needs two.`)
  const [lowest = 0n] = two.map(({ height }) => height).sort((one, other) => (one < other ? -1 : 1))
  const [one, other] = await Promise.all(two.map(({ ask }) => question(ask, `0x${lowest.toString(16)}`)))
  if (one === undefined || one !== other) throw new ChainUnavailable(`Two nodes of ${name} disagree about a balance.`)
  return one
}

/** In the words of the usual nodes. */
const refusals: readonly (readonly [RegExp, ChainRejection])[] = [
  [/chain ?id|replay-protected/i, 'wrong_chain'],
  [/nonce too low/i, 'nonce_used'],
  [/insufficient funds/i, 'insufficient_funds'],
  [/underpriced|fee cap|fee too low|less than block base fee|fee less than/i, 'underpriced'],
  [/gas limit|intrinsic gas|oversized|out of gas/i, 'refused'],
  [/rlp|decode|invalid (transaction|sender|argument)|unsupported transaction type/i, 'malformed'],
]

/** Only these words say that the transaction is never accepted. After any other, it can be accepted later. */
function refusal({ code, message }: NodeError): Error {
  const [, rejection] = refusals.find(([words]) => words.test(message)) ?? []
  if (rejection) return new ChainRejected(rejection, `The node refused the transaction: ${message}.`)
  return new ChainUnavailable(`The node did not accept the transaction (${code}).`)
}
