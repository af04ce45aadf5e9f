import { sha256 } from '@noble/hashes/sha2.js'
import { type Chain, type ChainFacts, ChainUnavailable, concat, hex, keyRemover, type Watching } from '@pawl/core/ports'
import { idOf, listOf, type Refusals, recordOf, refusal, unreadable, wholeOf } from './answers.ts'
import { arrivalsIn, blockAt } from './bitcoin-arrivals.ts'
import { withoutKeys } from './keyed-urls.ts'
import type { NodesOptions } from './nodes.ts'
import { agreed, firstOf, onlyIf, type RestNode, restNodes } from './rest.ts'

export interface BitcoinChainOptions extends Omit<NodesOptions, 'name'> {
  readonly facts: ChainFacts
}

/** The first blocks of the networks. `bitcoin-testnet` is version 3 or 4. */
const firstBlocks: Readonly<Record<string, readonly string[]>> = {
  bitcoin: ['000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'],
  'bitcoin-testnet': [
    '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
    '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043',
  ],
  'bitcoin-signet': ['00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6'],
  'bitcoin-regtest': ['0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206'],
}

/**
 * Bitcoin, through one or more servers with the API of Esplora, such as electrs or mempool. With two or more, two must agree
 * about each balance and each deposit.
 *
 * @example
 * const facts = { name: 'bitcoin', family: 'bitcoin', chainId: null, decimals: 8 } as const
 * const chain = bitcoinChain({ egress, urls: ['https://mempool.example.com/api'], facts })
 */
export function bitcoinChain({ facts, ...options }: BitcoinChainOptions): Chain & Watching {
  const { name } = facts
  const nodes = restNodes({ ...options, name }).map((node) => onlyIf(node, name, (one) => isOn(name, one)))
  return withoutKeys(keyRemover(options.urls), {
    facts,
    balance: (address) => agreed(nodes, name, (node) => balanceOf(node, address)),
    account: (address) =>
      firstOf(nodes, async (node) => ({ model: 'outputs', outputs: await outputsOf(node, address) })),
    fees: () =>
      firstOf(nodes, async (node) => ({ model: 'size', perTransaction: 0n, perKilobyte: await rateOf(node) })),
    tip: () => firstOf(nodes, tipOf),
    arrivals: (wanted) => agreed(nodes, name, (node) => arrivalsIn(node, wanted), 'a deposit'),
    blockAt: (height) => agreed(nodes, name, (node) => blockAt(node, height), 'a block'),
    broadcast: (signed) => firstOf(nodes, (node) => send(node, signed)),
    status: (id) => firstOf(nodes, (node) => statusOf(node, id)),
  })
}

async function isOn(name: string, node: RestNode): Promise<boolean> {
  const { text } = await node({ path: '/block-height/0' })
  return firstBlocks[name]?.includes(text.trim()) ?? false
}

async function balanceOf(node: RestNode, address: string): Promise<bigint> {
  const { chain_stats, mempool_stats } = recordOf(await got(node, `/address/${encodeURIComponent(address)}`))
  const sums = [chain_stats, mempool_stats].map((stats) => {
    const { funded_txo_sum, spent_txo_sum } = recordOf(stats)
    return wholeOf(funded_txo_sum) - wholeOf(spent_txo_sum)
  })
  return sums.reduce((sum, one) => sum + one, 0n)
}

async function outputsOf(node: RestNode, address: string) {
  return listOf(await got(node, `/address/${encodeURIComponent(address)}/utxo`)).map((one) => {
    const { txid, vout, value } = recordOf(one)
    return { transactionId: idOf(txid), index: Number(wholeOf(vout)), value: wholeOf(value), tokens: {} }
  })
}

/** For a transaction in one of the next three blocks. The API counts in satoshi per virtual byte. */
async function rateOf(node: RestNode): Promise<bigint> {
  const estimates = recordOf(await got(node, '/fee-estimates'))
  const targets = Object.keys(estimates).filter((target) => Number(target) >= 3)
  const nearest = targets.sort((one, other) => Number(one) - Number(other))[0]
  if (nearest === undefined) return 1_000n
  const rate = estimates[nearest]
  if (typeof rate !== 'number' || !(rate > 0) || rate > 1e6) throw unreadable('a fee rate')
  return BigInt(Math.ceil(rate * 1_000))
}

async function tipOf(node: RestNode) {
  const { text } = await node({ path: '/blocks/tip/hash' })
  const { id, height, timestamp } = recordOf(await got(node, `/block/${idOf(text.trim())}`))
  return { height: wholeOf(height), id: idOf(id), at: Number(wholeOf(timestamp)) * 1_000 }
}

/** In the words of Bitcoin Core. */
const refusals: Refusals = [
  [/missingorspent|missing inputs|txn-mempool-conflict/i, 'nonce_used'],
  [/bad-txns-in-belowout|bad-txns-fee/i, 'insufficient_funds'],
  [/min relay fee|mempool min fee|insufficient fee|fee not met/i, 'underpriced'],
  [/decode|bad-txns-vin-empty|bad-txns-vout-empty|mandatory-script|tx-size-small|invalid tx/i, 'malformed'],
  [/dust|scriptpubkey|non-?final|tx-size|bad-txns|max-fee-exceeded|too-long/i, 'refused'],
]

async function send(node: RestNode, signed: Uint8Array): Promise<string> {
  const id = transactionId(signed)
  const content = new TextEncoder().encode(hex(signed))
  const { status, text } = await node({ path: '/tx', bytes: { type: 'text/plain', content } })
  if (status === 200 && text.trim() === id) return text.trim()
  if (status === 200) throw new ChainUnavailable('A node took the transaction under another ID.')
  // A node refuses what it has, and what is in a block already. Both mean that the chain has it.
  if (id !== null && (await statusOf(node, id)).state !== 'unknown') return id
  throw refusal(refusals, text)
}

async function statusOf(node: RestNode, id: string): Promise<Awaited<ReturnType<Chain['status']>>> {
  const { status, json } = await node({ path: `/tx/${encodeURIComponent(id)}` })
  if (status === 404) return { state: 'unknown' }
  const { txid, status: place } = recordOf(json)
  if (txid !== id) throw unreadable('the transaction that was asked for')
  const { confirmed, block_height } = recordOf(place)
  if (confirmed !== true) return { state: 'pending' }
  const [height, { text }] = [wholeOf(block_height), await node({ path: '/blocks/tip/height' })]
  const tip = wholeOf(text.trim())
  return { state: 'included', succeeded: true, height, confirmations: tip < height ? 1n : tip - height + 1n }
}

async function got(node: RestNode, path: string): Promise<unknown> {
  const { status, json } = await node({ path })
  if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
  return json
}

/** The hash of a transaction without its witnesses. Null if the bytes are no transaction. */
function transactionId(signed: Uint8Array): string | null {
  try {
    const end = new Skipper(signed)
    end.skip(4)
    const isMarked = signed[4] === 0 && signed[5] === 1
    if (isMarked) end.skip(2)
    const start = end.at
    for (let left = end.size(); left > 0; left--) {
      end.skip(36)
      end.skip(end.size())
      end.skip(4)
    }
    for (let left = end.size(); left > 0; left--) {
      end.skip(8)
      end.skip(end.size())
    }
    const bare = concat(signed.subarray(0, 4), signed.subarray(start, end.at), signed.subarray(-4))
    return hex(sha256(sha256(bare)).reverse())
  } catch {
    return null
  }
}

class Skipper {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  skip(length: number): void {
    this.at += length
    if (this.at > this.#bytes.length) throw new RangeError('too short')
  }

  size(): number {
    const first = this.#bytes[this.at] ?? 0
    const length = first < 0xfd ? 0 : first === 0xfd ? 2 : 4
    this.skip(1 + length)
    if (length === 0) return first
    return this.#bytes.subarray(this.at - length, this.at).reduceRight((sum, byte) => sum * 256 + byte, 0)
  }
}
