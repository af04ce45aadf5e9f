import { sha256 } from '@noble/hashes/sha2.js'
import { type Chain, type ChainFacts, ChainUnavailable, hex, type Inspecting, keyRemover } from '@pawl/core/ports'
import { createBase58check } from '@scure/base'
import { idOf, listOf, type Refusals, recordOf, refusal, unreadable, wholeOf } from './answers.ts'
import { withoutKeys } from './keyed-urls.ts'
import type { NodesOptions } from './nodes.ts'
import { agreed, firstOf, onlyIf, type RestNode, restNodes } from './rest.ts'

export interface TronChainOptions extends Omit<NodesOptions, 'name'> {
  readonly facts: ChainFacts
}

/** The last four bytes of the first block. They are also the number of the network for its contracts. */
const firstBlocks: Readonly<Record<string, string>> = {
  tron: '2b6653dc',
  'tron-shasta': '94a9059e',
  'tron-nile': 'cd8690dc',
}

/** The header in which TronGrid expects its key. */
const keyHeader = 'TRON-PRO-API-KEY'

/**
 * Tron, through one or more nodes with its HTTP API. With two or more, two must agree about each balance. A key for TronGrid
 * is in the query of the URL as `TRON-PRO-API-KEY`.
 *
 * @example
 * const facts = { name: 'tron', family: 'tron', chainId: null, decimals: 6 } as const
 * const chain = tronChain({ egress, urls: ['https://api.example.com/?TRON-PRO-API-KEY=…'], facts })
 */
export function tronChain({ facts, ...options }: TronChainOptions): Chain & Inspecting {
  const { name } = facts
  const nodes = restNodes({ ...options, name }, [keyHeader]).map((node) => onlyIf(node, name, (one) => isOn(name, one)))
  return withoutKeys(keyRemover(options.urls), {
    facts,
    balance: (address, token) => agreed(nodes, name, (node) => balanceOf(node, address, token)),
    account: async () => ({ model: 'none' }),
    fees: () => firstOf(nodes, feesOf),
    tip: () => firstOf(nodes, tipOf),
    broadcast: (signed) => firstOf(nodes, (node) => send(node, signed)),
    status: (id) => firstOf(nodes, (node) => statusOf(node, id)),
    exists: (addresses) =>
      firstOf(nodes, (node) =>
        Promise.all(addresses.map(async (address) => (await accountOf(node, address)).address !== undefined)),
      ),
  })
}

async function isOn(name: string, node: RestNode): Promise<boolean> {
  const { blockID } = await asked(node, 'getblockbynum', { num: 0 })
  const end = firstBlocks[name]
  return end !== undefined && idOf(blockID).toLowerCase().endsWith(end)
}

/** Without members if the account does not exist. */
function accountOf(node: RestNode, address: string) {
  return asked(node, 'getaccount', { address, visible: true })
}

async function balanceOf(node: RestNode, address: string, token: string | undefined): Promise<bigint> {
  if (token === undefined) return wholeOf((await accountOf(node, address)).balance ?? 0)
  const account = createBase58check(sha256).decode(address).subarray(1)
  const call = {
    ...{ owner_address: address, contract_address: token, visible: true },
    ...{ function_selector: 'balanceOf(address)', parameter: hex(account).padStart(64, '0') },
  }
  const { constant_result } = await asked(node, 'triggerconstantcontract', call)
  return BigInt(`0x${idOf(listOf(constant_result)[0])}`)
}

async function feesOf(node: RestNode) {
  const { chainParameter } = await asked(node, 'getchainparameters', {})
  const found = listOf(chainParameter).find((one) => recordOf(one).key === 'getTransactionFee')
  return { model: 'size', perTransaction: 0n, perKilobyte: 1_000n * wholeOf(recordOf(found).value) } as const
}

async function tipOf(node: RestNode) {
  const { blockID, block_header } = await asked(node, 'getnowblock', {})
  const { number, timestamp } = recordOf(recordOf(block_header).raw_data)
  return { height: wholeOf(number), id: idOf(blockID), at: Number(wholeOf(timestamp)) }
}

/** Codes and words of java-tron. */
const refusals: Refusals = [
  [/balance is not sufficient|no OwnerAccount|does not exist|BANDWITH_ERROR/i, 'insufficient_funds'],
  [/SIGERROR|OTHER_ERROR.*(hex|parse)|INVALID|parse|protocol message/i, 'malformed'],
  [/TRANSACTION_EXPIRATION_ERROR|CONTRACT_VALIDATE_ERROR|CONTRACT_EXE_ERROR|TOO_BIG/i, 'refused'],
]

async function send(node: RestNode, signed: Uint8Array): Promise<string> {
  const { result, code, message, Error: failure } = await asked(node, 'broadcasthex', { transaction: hex(signed) })
  const id = idOfTransaction(signed)
  if (id !== null && (result === true || code === 'DUP_TRANSACTION_ERROR')) return id
  if (id !== null && (await statusOf(node, id)).state !== 'unknown') return id
  const words = typeof message === 'string' ? Buffer.from(message, 'hex').toString('utf8') : ''
  throw refusal(refusals, `${String(code ?? failure)} ${words}`)
}

async function statusOf(node: RestNode, id: string): Promise<Awaited<ReturnType<Chain['status']>>> {
  const { id: told, blockNumber, result } = await asked(node, 'gettransactioninfobyid', { value: id })
  if (told === undefined) {
    const { txID } = await asked(node, 'gettransactionbyid', { value: id })
    return { state: txID === id ? 'pending' : 'unknown' }
  }
  if (told !== id) throw unreadable('the transaction that was asked for')
  const [height, tip] = [wholeOf(blockNumber), (await tipOf(node)).height]
  const confirmations = tip < height ? 1n : tip - height + 1n
  return { state: 'included', succeeded: result !== 'FAILED', height, confirmations }
}

async function asked(node: RestNode, method: string, json: object) {
  const answer = await node({ path: `/wallet/${method}`, json })
  if (answer.status !== 200) throw new ChainUnavailable(`A node answered with status ${answer.status}.`)
  return recordOf(answer.json)
}

/** The hash of `raw_data`, which is the first field. Null if the bytes are no transaction. */
function idOfTransaction(signed: Uint8Array): string | null {
  let [at, length, shift] = [1, 0, 0]
  for (let more = signed[0] === 0x0a; more; shift += 7) {
    const byte = signed[at++] ?? 0
    length += (byte & 0x7f) * 2 ** shift
    more = byte >= 0x80 && shift < 28
  }
  return length > 0 && at + length <= signed.length ? hex(sha256(signed.subarray(at, at + length))) : null
}
