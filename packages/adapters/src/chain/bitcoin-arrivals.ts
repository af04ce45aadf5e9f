import { type Arrival, type Arrivals, type ArrivalsWanted, type ChainBlock, ChainUnavailable } from '@pawl/core/ports'
import { idOf, listOf, recordOf, unreadable, wholeOf } from './answers.ts'
import { AnswerTooLong, type RestNode } from './rest.ts'

// Reads the payments to addresses from the histories of the addresses. Each transaction names its block. This block must be the
// block of the chain at its height. So all payments of an answer are on one chain, even if the node switches chains meanwhile.
// If a page of a history is too long, the payments to its address are read from a few whole blocks.

const addressesAtOnce = 8
/** For a page of 25 transactions of the largest size that nodes relay. */
const longPageBytes = 64 * 1024 * 1024
/** How many blocks one call reads for addresses whose histories are too long. */
const blocksMax = 4n
/** Transactions in a page of a block. */
const blockPage = 25

interface LinkedBlock extends ChainBlock {
  readonly parentId: string
  readonly transactions: number
}

export async function arrivalsIn(node: RestNode, wanted: ArrivalsWanted): Promise<Arrivals> {
  const { from, to } = wanted
  const [first, end] = [await linkedBlock(node, from), await linkedBlock(node, to)]
  if (!first || !end) throw new ChainUnavailable(`A node does not have all blocks from ${from} to ${to}.`)
  const { found, tooLong } = await fromHistories(node, wanted)
  const blocks = tooLong.length === 0 ? null : await fromBlocks(node, { ...wanted, addresses: tooLong }, first)
  const last = blocks?.last ?? end
  const arrivals = [...found.filter(({ height }) => height <= last.height), ...(blocks?.found ?? [])]
  const named = new Map(arrivals.map(({ height, blockId }) => [height, blockId]))
  for (const { height, blockId } of arrivals) if (named.get(height) !== blockId) throw changed()
  // The check of the newest block comes last. If the node still has this block, it also has the blocks before it.
  for (const [height, id] of named.set(to, end.id)) if ((await idAt(node, height)) !== id) throw changed()
  arrivals.sort(inOrder)
  return { arrivals, parentId: first.parentId, upTo: { height: last.height, id: last.id, at: last.at } }
}

/** Nodes order the transactions of a block differently. So the order of an answer does not depend on them. */
function inOrder(one: Arrival, other: Arrival): number {
  if (one.height !== other.height) return one.height < other.height ? -1 : 1
  for (const field of ['transactionId', 'place', 'to'] as const) {
    if (one[field] !== other[field]) return one[field] < other[field] ? -1 : 1
  }
  return 0
}

/** Long pages are read one after the other, because many of them at once would need too much memory. */
async function fromHistories(node: RestNode, wanted: ArrivalsWanted) {
  const addresses = [...new Set(wanted.addresses)]
  const [found, tooLong]: [Arrival[], string[]] = [[], []]
  for (let at = 0; at < addresses.length; at += addressesAtOnce) {
    const some = addresses.slice(at, at + addressesAtOnce)
    const read = await Promise.allSettled(some.map((address) => arrivalsAt(node, address, wanted)))
    for (const [index, one] of read.entries()) {
      if (one.status === 'rejected' && !(one.reason instanceof ChainUnavailable)) throw one.reason
      const address = some[index] as string
      const arrivals =
        one.status === 'fulfilled' ? one.value : await orTooLong(arrivalsAt(node, address, wanted, longPageBytes))
      if (arrivals) found.push(...arrivals)
      else tooLong.push(address)
    }
  }
  return { found, tooLong }
}

async function orTooLong<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read
  } catch (error) {
    if (error instanceof AnswerTooLong) return null
    throw error
  }
}

/** Returns the payments to these addresses in the first blocks, and the last block that it read. */
async function fromBlocks(node: RestNode, { addresses, from, to, onProgress }: ArrivalsWanted, first: LinkedBlock) {
  const found: Arrival[] = []
  let block = first
  for (let height = from; ; ) {
    for (let at = 0; at < block.transactions; at += blockPage) {
      const { status, json } = await node({ path: `/block/${block.id}/txs/${at}`, answerBytesMax: longPageBytes })
      if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
      const page = listOf(json)
      // A node that shows fewer transactions than the block has could hide a payment.
      if (page.length !== Math.min(blockPage, block.transactions - at)) throw unreadable('all transactions of a block')
      for (const one of page) found.push(...addresses.flatMap((address) => transactionOf(one, address).arrivals))
      await onProgress?.()
    }
    if (++height > to || height >= from + blocksMax) return { found, last: block }
    const next = await linkedBlock(node, height)
    if (next?.parentId !== block.id) throw changed()
    block = next
  }
}

/** The block at this height. Null: the chain is shorter. */
export async function blockAt(node: RestNode, height: bigint): Promise<ChainBlock | null> {
  const found = await linkedBlock(node, height)
  return found && { height, id: found.id, at: found.at }
}

async function linkedBlock(node: RestNode, height: bigint): Promise<LinkedBlock | null> {
  const id = await idAt(node, height)
  if (id === null) return null
  const { json } = await node({ path: `/block/${id}` })
  const { id: named, height: at, timestamp, previousblockhash: parent, tx_count: count } = recordOf(json)
  if (named !== id || wholeOf(at) !== height) throw changed()
  const parentId = parent === null ? '' : idOf(parent)
  return { height, id, at: Number(wholeOf(timestamp)) * 1_000, parentId, transactions: Number(wholeOf(count)) }
}

async function idAt(node: RestNode, height: bigint): Promise<string | null> {
  const { status, text } = await node({ path: `/block-height/${height}` })
  if (status === 404) return null
  if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
  return idOf(text.trim())
}

/** Reads the history of an address page by page, newest transactions first. */
async function arrivalsAt(
  node: RestNode,
  address: string,
  { from, to, onProgress }: ArrivalsWanted,
  answerBytesMax?: number,
): Promise<Arrival[]> {
  const found: Arrival[] = []
  const seen = new Set<string>()
  for (let path = `/address/${encodeURIComponent(address)}/txs/chain`; ; ) {
    const { status, json } = await node({ path, ...(answerBytesMax && { answerBytesMax }) })
    if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
    await onProgress?.()
    const page = listOf(json).map((one) => transactionOf(one, address))
    for (const { height, arrivals } of page) if (height >= from && height <= to) found.push(...arrivals)
    const last = page.at(-1)
    if (!last || last.height < from) return found
    if (seen.has(last.id)) throw unreadable('the next page of a history')
    seen.add(last.id)
    path = `/address/${encodeURIComponent(address)}/txs/chain/${last.id}`
  }
}

function transactionOf(found: unknown, address: string) {
  const { txid, vin, vout, status } = recordOf(found)
  const { confirmed, block_height, block_hash } = recordOf(status)
  if (confirmed !== true) throw unreadable('a transaction in a block')
  const [id, height, blockId] = [idOf(txid), wholeOf(block_height), idOf(block_hash)]
  const from = senderOf(listOf(vin))
  const arrivals = listOf(vout).flatMap((one, index): Arrival[] => {
    const { scriptpubkey_address, value } = recordOf(one)
    const amount = wholeOf(value)
    if (scriptpubkey_address !== address || amount === 0n) return []
    return [{ transactionId: id, place: `${index}`, from, to: address, token: null, amount, height, blockId }]
  })
  return { id, height, arrivals }
}

/** The address of all inputs. Null: the inputs have several addresses, or none. */
function senderOf(inputs: readonly unknown[]): string | null {
  const senders = new Set(
    inputs.map((one) => {
      const { prevout } = recordOf(one)
      return prevout ? recordOf(prevout).scriptpubkey_address : null
    }),
  )
  const [sender] = senders
  return senders.size === 1 && typeof sender === 'string' ? sender : null
}

function changed(): ChainUnavailable {
  return new ChainUnavailable('A node switched to another chain during the request.')
}
