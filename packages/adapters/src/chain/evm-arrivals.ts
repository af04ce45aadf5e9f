import { type Arrival, type Arrivals, type ArrivalsWanted, type ChainBlock, ChainUnavailable } from '@pawl/core/ports'
import { bytesOf, listOf, quantityOf, recordOf, unreadable } from './answers.ts'
import type { Ask } from './nodes.ts'

// What arrives at addresses, from whole blocks and from the logs of tokens. Every block must name the one before it, and every
// log and receipt its block. So an answer is of one chain, also if the node changes to another one meanwhile.

/** How many blocks one question reads. */
const blocksMax = 20n
/** How many addresses one filter of logs has. Nodes limit it. */
const addressesAtOnce = 200
/** keccak256 of Transfer(address,address,uint256), as ERC-20 has it. */
const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

export async function arrivalsIn(ask: Ask, { addresses, tokens, from, to }: ArrivalsWanted): Promise<Arrivals> {
  const last = to < from + blocksMax ? to : from + blocksMax - 1n
  const heights = Array.from({ length: Number(last - from) + 1 }, (_, at) => from + BigInt(at))
  const blocks = await Promise.all(heights.map((height) => wholeBlock(ask, height)))
  for (const [at, { parentId }] of blocks.entries()) {
    if (at > 0 && parentId !== blocks[at - 1]?.id) throw changed()
  }
  const [first, end] = [blocks[0], blocks.at(-1)]
  if (!first || !end) throw unreadable('a block')
  const named = new Map(addresses.map((address) => [address.toLowerCase(), address]))
  const native = await Promise.all(blocks.map((block) => nativeIn(ask, block, named)))
  const ids = new Map(blocks.map(({ height, id }) => [height, id]))
  const ofTokens = tokens.length === 0 ? [] : await tokenTransfers(ask, { tokens, from, to: last, named, ids })
  const arrivals = [...native.flat(), ...ofTokens].sort((one, other) => Number(one.height - other.height))
  return { arrivals, parentId: first.parentId, upTo: { height: end.height, id: end.id, at: end.at } }
}

/** The block at this height. Null: the chain is not so long. */
export async function blockAt(ask: Ask, height: bigint): Promise<ChainBlock | null> {
  const found = await ask('eth_getBlockByNumber', hexOf(height), false)
  if (found === null) return null
  const { id, at } = blockOf(found, height)
  return { height, id, at }
}

interface WholeBlock extends ChainBlock {
  readonly parentId: string
  readonly transactions: readonly unknown[]
}

async function wholeBlock(ask: Ask, height: bigint): Promise<WholeBlock> {
  const found = await ask('eth_getBlockByNumber', hexOf(height), true)
  if (found === null) throw new ChainUnavailable(`A node does not have the block ${height}.`)
  return blockOf(found, height)
}

function blockOf(found: unknown, height: bigint): WholeBlock {
  const { number, hash, parentHash, timestamp, transactions } = recordOf(found)
  if (quantityOf(number) !== height) throw unreadable('the block that was asked for')
  const at = Number(quantityOf(timestamp)) * 1_000
  return { height, id: idOf(hash), parentId: idOf(parentHash), at, transactions: listOf(transactions) }
}

type Named = ReadonlyMap<string, string>

/** Transactions that pay one of the addresses and succeeded. What a contract pays is not in them. */
async function nativeIn(ask: Ask, block: WholeBlock, named: Named): Promise<Arrival[]> {
  const paying = block.transactions.map(recordOf).flatMap(({ hash, from, to, value }) => {
    const own = typeof to === 'string' ? named.get(to.toLowerCase()) : undefined
    const amount = own === undefined ? 0n : quantityOf(value)
    if (own === undefined || amount === 0n) return []
    return [{ transactionId: idOf(hash), from: addressOf(from), to: own, amount }]
  })
  const succeeded = await Promise.all(paying.map(({ transactionId }) => hasSucceeded(ask, transactionId, block)))
  return paying.flatMap((one, at): Arrival[] =>
    succeeded[at] ? [{ ...one, place: 'native', token: null, height: block.height, blockId: block.id }] : [],
  )
}

async function hasSucceeded(ask: Ask, transactionId: string, { id }: WholeBlock): Promise<boolean> {
  const receipt = await ask('eth_getTransactionReceipt', transactionId)
  if (receipt === null) throw changed()
  const { transactionHash, blockHash, status } = recordOf(receipt)
  if (idOf(transactionHash) !== transactionId) throw unreadable('the receipt that was asked for')
  if (idOf(blockHash) !== id) throw changed()
  return quantityOf(status) === 1n
}

interface TokenSearch {
  readonly tokens: readonly string[]
  readonly from: bigint
  readonly to: bigint
  readonly named: Named
  readonly ids: ReadonlyMap<bigint, string>
}

async function tokenTransfers(ask: Ask, search: TokenSearch): Promise<Arrival[]> {
  const { tokens, from, to, named, ids } = search
  const contracts = new Map(tokens.map((token) => [token.toLowerCase(), token]))
  const all: Log[] = []
  const addresses = [...named.keys()]
  for (let at = 0; at < addresses.length; at += addressesAtOnce) {
    const topics = [transferTopic, null, addresses.slice(at, at + addressesAtOnce).map(padded)]
    const filter = { fromBlock: hexOf(from), toBlock: hexOf(to), address: tokens, topics }
    for (const log of listOf(await ask('eth_getLogs', filter))) all.push(logOf(log, contracts, named))
  }
  for (const { height, blockId } of all) if (ids.get(height) !== blockId) throw changed()
  return placed(all).filter(({ amount }) => amount > 0n)
}

type Log = Omit<Arrival, 'place'> & { readonly index: bigint }

/** Anything but the log that was asked for is no answer. */
function logOf(found: unknown, contracts: Named, named: Named): Log {
  const { address, topics, data, blockNumber, blockHash, transactionHash, logIndex, removed } = recordOf(found)
  const [topic, from, to, ...more] = listOf(topics)
  const [token, own] = [contracts.get(String(address).toLowerCase()), named.get(unpadded(to))]
  const amount = bytesOf(data)
  const isWanted = topic === transferTopic && more.length === 0 && amount.length === 32 && removed !== true
  if (!isWanted || token === undefined || own === undefined) throw unreadable('a log that was asked for')
  return {
    ...{ transactionId: idOf(transactionHash), from: unpadded(from), to: own, token },
    ...{ amount: BigInt(`0x${Buffer.from(amount).toString('hex')}`), index: quantityOf(logIndex) },
    ...{ height: quantityOf(blockNumber), blockId: idOf(blockHash) },
  }
}

/**
 * The place of a log is its number among those of the same token to the same address in its transaction. The index in the block
 * would change with the block.
 */
function placed(logs: readonly Log[]): Arrival[] {
  const seen = new Map<string, number>()
  const ordered = [...logs].sort((one, other) => Number(one.height - other.height || one.index - other.index))
  return ordered.map(({ index: _, ...log }) => {
    const name = `${log.transactionId} ${log.token?.toLowerCase()} ${log.to}`
    const number = seen.get(name) ?? 0
    seen.set(name, number + 1)
    return { ...log, place: `${log.token?.toLowerCase()} ${number}` }
  })
}

function idOf(value: unknown): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{64}$/.test(value)) throw unreadable('an ID')
  return value
}

function addressOf(value: unknown): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{40}$/i.test(value)) throw unreadable('an address')
  return value
}

const hexOf = (height: bigint) => `0x${height.toString(16)}`

const padded = (address: string) => `0x${address.slice(2).padStart(64, '0')}`

function unpadded(topic: unknown): string {
  if (typeof topic !== 'string' || !/^0x0{24}[0-9a-f]{40}$/i.test(topic)) throw unreadable('an address')
  return `0x${topic.slice(26).toLowerCase()}`
}

function changed(): ChainUnavailable {
  return new ChainUnavailable('A node switched to another chain during the request.')
}
