import { blake2b } from '@noble/hashes/blake2.js'
import { type Chain, type ChainFacts, type ChainOutput, ChainUnavailable, hex, keyRemover } from '@pawl/core/ports'
import { idOf, listOf, type Refusals, recordOf, refusal, textOf, unreadable, wholeOf } from './answers.ts'
import { withoutKeys } from './keyed-urls.ts'
import type { NodesOptions } from './nodes.ts'
import { agreed, firstOf, onlyIf, type RestNode, restNodes } from './rest.ts'

export interface CardanoChainOptions extends Omit<NodesOptions, 'name'> {
  readonly facts: ChainFacts
}

const magics: Readonly<Record<string, number>> = { cardano: 764_824_073, 'cardano-preprod': 1, 'cardano-preview': 2 }

/** The header in which Blockfrost expects its key. */
const keyHeader = 'project_id'

/**
 * Cardano, through one or more servers with the API of Blockfrost, which also exists for your own node. With two or more, two
 * must agree about each balance. The key is in the query of the URL as `project_id`. The height of a block is its slot,
 * because transactions expire at a slot.
 *
 * @example
 * const facts = { name: 'cardano', family: 'cardano', chainId: null, decimals: 6 } as const
 * const chain = cardanoChain({ egress, urls: ['https://blockfrost.example.com/api/v0?project_id=…'], facts })
 */
export function cardanoChain({ facts, ...options }: CardanoChainOptions): Chain {
  const { name } = facts
  const nodes = restNodes({ ...options, name }, [keyHeader]).map((node) => onlyIf(node, name, (one) => isOn(name, one)))
  return withoutKeys(keyRemover(options.urls), {
    facts,
    balance: (address, token) =>
      agreed(nodes, name, async (node) => {
        const outputs = await outputsOf(node, address)
        return outputs.reduce((sum, { value, tokens }) => sum + (token ? (tokens[token] ?? 0n) : value), 0n)
      }),
    account: (address) =>
      firstOf(nodes, async (node) => ({ model: 'outputs', outputs: await outputsOf(node, address) })),
    fees: () => firstOf(nodes, feesOf),
    tip: () =>
      firstOf(nodes, async (node) => {
        const { slot, hash, time } = recordOf(await got(node, '/blocks/latest'))
        return { height: wholeOf(slot), id: idOf(hash), at: Number(wholeOf(time)) * 1_000 }
      }),
    broadcast: (signed) => firstOf(nodes, (node) => send(node, signed)),
    status: (id) => firstOf(nodes, (node) => statusOf(node, id)),
  })
}

async function isOn(name: string, node: RestNode): Promise<boolean> {
  const { network_magic } = recordOf(await got(node, '/genesis'))
  return network_magic === magics[name]
}

const perPage = 100
/** An address with more outputs cannot be summed with certainty. */
const pagesMax = 20

async function outputsOf(node: RestNode, address: string): Promise<ChainOutput[]> {
  const outputs: ChainOutput[] = []
  for (let page = 1; page <= pagesMax; page++) {
    const path = `/addresses/${encodeURIComponent(address)}/utxos?count=${perPage}&page=${page}`
    const { status, json } = await node({ path })
    // An address that was never used.
    if (status === 404 && page === 1) return []
    if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
    const found = listOf(json).map(outputOf)
    outputs.push(...found)
    if (found.length < perPage) return outputs
  }
  throw new ChainUnavailable(`The address has more than ${perPage * pagesMax} outputs.`)
}

function outputOf(value: unknown): ChainOutput {
  const { tx_hash, output_index, amount } = recordOf(value)
  const amounts = listOf(amount).map((one) => {
    const { unit, quantity } = recordOf(one)
    return [textOf(unit), wholeOf(quantity)] as const
  })
  const coins = amounts.find(([unit]) => unit === 'lovelace')?.[1] ?? 0n
  const tokens = amounts.filter(([unit]) => unit !== 'lovelace').map(([unit, count]) => [tokenOf(unit), count] as const)
  return {
    ...{ transactionId: idOf(tx_hash), index: Number(wholeOf(output_index)) },
    ...{ value: coins, tokens: Object.fromEntries(tokens) },
  }
}

/** The policy has 28 bytes. Blockfrost writes the name right after it. */
function tokenOf(unit: string): string {
  if (!/^[0-9a-f]{56}([0-9a-f]{2}){0,32}$/.test(unit)) throw unreadable('a token')
  return `${unit.slice(0, 56)}.${unit.slice(56)}`
}

async function feesOf(node: RestNode) {
  const { min_fee_a, min_fee_b } = recordOf(await got(node, '/epochs/latest/parameters'))
  return { model: 'size', perTransaction: wholeOf(min_fee_b), perKilobyte: 1_000n * wholeOf(min_fee_a) } as const
}

/** In the words of cardano-node. */
const refusals: Refusals = [
  [/BadInputsUTxO|All inputs are spent/i, 'nonce_used'],
  [/FeeTooSmall/i, 'underpriced'],
  [/ValueNotConserved|InsufficientFunds/i, 'insufficient_funds'],
  [/WrongNetwork/i, 'wrong_chain'],
  [/Deseriali[sz]e|decod|InvalidWitness|MissingVKeyWitness/i, 'malformed'],
  [/OutsideValidityInterval|OutputTooSmall|BabbageOutputTooSmall|MaxTxSize|UtxoFailure/i, 'refused'],
]

async function send(node: RestNode, signed: Uint8Array): Promise<string> {
  const id = transactionId(signed)
  const { status, json, text } = await node({
    path: '/tx/submit',
    bytes: { type: 'application/cbor', content: signed },
  })
  if (status === 200 && json === id) return json as string
  if (status === 200) throw new ChainUnavailable('A node took the transaction under another ID.')
  // A node refuses what it has, and what is in a block already. Both mean that the chain has it.
  if (id !== null && (await statusOf(node, id)).state !== 'unknown') return id
  throw refusal(refusals, text)
}

async function statusOf(node: RestNode, id: string): Promise<Awaited<ReturnType<Chain['status']>>> {
  const { status, json } = await node({ path: `/txs/${encodeURIComponent(id)}` })
  if (status === 404) {
    const waiting = await node({ path: `/mempool/${encodeURIComponent(id)}` })
    return { state: waiting.status === 200 ? 'pending' : 'unknown' }
  }
  const { hash, slot, block_height, valid_contract } = recordOf(json)
  if (hash !== id) throw unreadable('the transaction that was asked for')
  const tip = wholeOf(recordOf(await got(node, '/blocks/latest')).height)
  const at = wholeOf(block_height)
  const confirmations = tip < at ? 1n : tip - at + 1n
  return { state: 'included', succeeded: valid_contract !== false, height: wholeOf(slot), confirmations }
}

async function got(node: RestNode, path: string): Promise<unknown> {
  const { status, json } = await node({ path })
  if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
  return json
}

/** The hash of the body, which is the first of four parts. Null if the bytes are no transaction. */
function transactionId(signed: Uint8Array): string | null {
  try {
    if (signed[0] !== 0x84) return null
    return hex(blake2b(signed.subarray(1, endOf(signed, 1, 0)), { dkLen: 32 }))
  } catch {
    return null
  }
}

/** Where the CBOR value at this place ends. */
function endOf(bytes: Uint8Array, start: number, depth: number): number {
  const first = bytes[start]
  if (first === undefined || depth > 16) throw new RangeError('too short')
  const [kind, short] = [first >> 5, first & 0x1f]
  const length = short < 24 ? 0 : 2 ** (short - 24)
  if (short > 27) throw new RangeError('length')
  const number =
    short < 24 ? short : bytes.subarray(start + 1, start + 1 + length).reduce((sum, byte) => sum * 256 + byte, 0)
  const after = start + 1 + length
  if (kind === 2 || kind === 3) return after + number
  const inside = kind === 4 ? number : kind === 5 ? 2 * number : kind === 6 ? 1 : 0
  let end = after
  for (let left = inside; left > 0; left--) end = endOf(bytes, end, depth + 1)
  return end
}
