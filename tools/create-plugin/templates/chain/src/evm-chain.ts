import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  type Chain,
  type ChainFacts,
  ChainRejected,
  type ChainRejection,
  ChainUnavailable,
  hex,
} from '@pawl/core/ports'
import { type Ask, askNode, NodeError, type NodeOptions } from './rpc.ts'

export interface EvmChainOptions extends NodeOptions {
  readonly chainId: bigint
}

/**
 * A chain of the EVM family, through a node.
 *
 * @example
 * const chain = evmChain({ egress, url: 'https://rpc.example.com/v2/key', name: 'base', chainId: 8453n })
 */
export function evmChain({ chainId, ...node }: EvmChainOptions): Chain {
  const facts: ChainFacts = { name: node.name, family: 'evm', chainId, decimals: 18 }
  const ask = askOnly(chainId, askNode(node))

  /** For questions to which an error is no answer. */
  const call: Ask = (...asked) =>
    ask(...asked).catch((error) => {
      if (!(error instanceof NodeError)) throw error
      throw new ChainUnavailable(`The node of ${node.name} answered ${asked[0]} with the error ${error.code}.`)
    })
  const block = async () => recordOf(await call('eth_getBlockByNumber', 'latest', false))
  const isKnown = async (id: string) => (await call('eth_getTransactionByHash', id)) !== null

  return {
    facts,

    balance: async (address, token) => {
      if (token === undefined) return quantityOf(await call('eth_getBalance', address, 'latest'))
      // balanceOf(address), as ERC-20 has it.
      const data = `0x70a08231${address.slice(2).toLowerCase().padStart(64, '0')}`
      return quantityOf(await call('eth_call', { to: token, data }, 'latest'))
    },

    account: async (address) => {
      return { model: 'counter', next: quantityOf(await call('eth_getTransactionCount', address, 'pending')) }
    },

    fees: async () => {
      const { baseFeePerGas } = await block()
      if (baseFeePerGas === undefined) {
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
        await ask('eth_sendRawTransaction', `0x${hex(signed)}`)
      } catch (error) {
        if (!(error instanceof NodeError)) throw error
        // A node refuses what it has or what is in a block already. To us that is as good as taken.
        if (!(await isKnown(id))) throw refusal(error)
      }
      return id
    },

    status: async (id) => {
      const receipt = await call('eth_getTransactionReceipt', id)
      if (receipt === null) return { state: (await isKnown(id)) ? 'pending' : 'unknown' }
      const { status, blockNumber } = recordOf(receipt)
      const [height, tip] = [quantityOf(blockNumber), quantityOf(await call('eth_blockNumber'))]
      // Behind a balancer the node that tells the height may be behind the one that told the receipt.
      const confirmations = tip < height ? 1n : tip - height + 1n
      return { state: 'included', succeeded: quantityOf(status) === 1n, height, confirmations }
    },
  }
}

/** Asks nothing of a node until it has said that it is one of this chain. */
function askOnly(chainId: bigint, ask: Ask): Ask {
  let isRight = false
  return async (...asked) => {
    isRight ||= quantityOf(await ask('eth_chainId')) === chainId
    if (!isRight) throw new ChainUnavailable(`The node is of another chain than ${chainId}.`)
    return ask(...asked)
  }
}

/** In the words of the usual nodes. */
const refusals: readonly (readonly [RegExp, ChainRejection])[] = [
  [/rlp|decode|invalid (transaction|sender|argument)|unsupported transaction type/i, 'malformed'],
  [/chain ?id|replay-protected/i, 'wrong_chain'],
  [/nonce too low/i, 'nonce_used'],
  [/insufficient funds/i, 'insufficient_funds'],
  [/underpriced|fee cap|fee too low|less than block base fee/i, 'underpriced'],
  [/gas limit|intrinsic gas|oversized/i, 'refused'],
]

/** An unknown message can mean a passing problem. Only the messages above mean that a retry cannot work. */
function refusal({ code, message }: NodeError): Error {
  const [, rejection] = refusals.find(([words]) => words.test(message)) ?? []
  if (rejection) return new ChainRejected(rejection, `The node refused the transaction: ${message}.`)
  return new ChainUnavailable(`The node did not take the transaction (${code}).`)
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new ChainUnavailable('The node gave nothing for an object.')
  return { ...value }
}

function quantityOf(value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)) return BigInt(value)
  throw new ChainUnavailable('The node gave something else for a number.')
}
