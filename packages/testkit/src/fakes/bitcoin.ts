import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@pawl/core/ports'
import { Address, NETWORK, OutScript, SigHash, TEST_NETWORK, Transaction } from '@scure/btc-signer'
import { listen, sendJson } from './loopback.ts'

export interface FakeBitcoin extends AsyncDisposable {
  /** The URL of the API, which is that of Esplora. */
  readonly url: string
  /** Gives an address an output. */
  fund(address: string, value: bigint): void
  /** Makes a block of the transactions that wait. */
  mine(): void
  /** Removes the newest blocks. Their transactions wait again, and the next blocks have other IDs. */
  reorganise(blocks: number): void
  close(): Promise<void>
}

interface Output {
  readonly id: string
  readonly index: number
  readonly script: Uint8Array
  readonly value: bigint
  isSpent: boolean
}

const firstBlocks = {
  main: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
  test: '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
}

/**
 * A server of Bitcoin on loopback, for tests. It has the API of Esplora, keeps outputs, and verifies signatures. Nothing on it
 * is worth anything.
 *
 * @example
 * await using node = await startFakeBitcoin()
 * node.fund(address, 100_000n)
 * const chain = bitcoinChain({ egress, urls: [node.url], facts })
 */
export async function startFakeBitcoin({ isTestnet = false } = {}): Promise<FakeBitcoin> {
  const parameters = isTestnet ? TEST_NETWORK : NETWORK
  const outputs: Output[] = []
  const heights = new Map<string, number | null>()
  /** The addresses that paid for a transaction. */
  const payers = new Map<string, readonly string[]>()
  let height = 100
  let forks = 0
  /** Of the blocks that a reorganisation made. */
  const forkOf = new Map<number, number>()
  const firstBlock = isTestnet ? firstBlocks.test : firstBlocks.main
  const block = (at: number) =>
    at === 0 ? firstBlock : hex(sha256(new TextEncoder().encode(`fake block ${at} ${forkOf.get(at) ?? 0}`)))
  const heightOf = (id: string) => Array.from({ length: height + 1 }, (_, at) => at).find((at) => block(at) === id)
  const scriptOf = (address: string) => OutScript.encode(Address(parameters).decode(address))
  const of = (address: string) => outputs.filter((one) => hex(one.script) === hex(scriptOf(address)))
  const sum = (all: readonly Output[]) => all.reduce((total, { value }) => total + value, 0n)

  const accept = (bytes: Uint8Array): string => {
    const transaction = parsed(bytes)
    if (heights.has(transaction.id)) throw new Refused('txn-already-in-mempool')
    const spent = inputsOf(transaction).map(({ id, index }) => {
      const found = outputs.find((one) => one.id === id && one.index === index && !one.isSpent)
      if (!found) throw new Refused('bad-txns-inputs-missingorspent')
      return found
    })
    const paid = outputsOf(transaction)
    if (paid.reduce((total, { value }) => total + value, 0n) > sum(spent)) throw new Refused('bad-txns-in-belowout')
    for (const [at, { script, value }] of spent.entries()) verify(transaction, at, script, value)
    for (const one of spent) one.isSpent = true
    for (const [index, one] of paid.entries()) outputs.push({ id: transaction.id, index, ...one, isSpent: false })
    heights.set(transaction.id, null)
    payers.set(
      transaction.id,
      spent.map(({ script }) => addressIn(script)),
    )
    return transaction.id
  }

  const addressIn = (script: Uint8Array) => Address(parameters).encode(OutScript.decode(script))

  /** A transaction in a block, in the format of Esplora. */
  const described = (txid: string, at: number) => ({
    txid,
    vin: (payers.get(txid) ?? []).map((payer) => ({ prevout: { scriptpubkey_address: payer } })),
    vout: outputs
      .filter(({ id }) => id === txid)
      .map(({ script, value }) => ({ scriptpubkey_address: addressIn(script), value: Number(value) })),
    status: { confirmed: true, block_height: at, block_hash: block(at) },
  })

  const inBlocks = () => [...heights].flatMap(([txid, at]) => (at === null ? [] : [described(txid, at)]))

  const inBlock = (height: number) => inBlocks().filter(({ status }) => status.block_height === height)

  /** The transactions in blocks that pay or are paid by an address, the newest first, after the named one. */
  const historyOf = (address: string, after: string | undefined) => {
    const all = inBlocks().filter(({ vin, vout }) =>
      [...vin.map(({ prevout }) => prevout), ...vout].some((one) => one.scriptpubkey_address === address),
    )
    all.sort((one, other) => other.status.block_height - one.status.block_height)
    const from = after === undefined ? 0 : all.findIndex(({ txid }) => txid === after) + 1
    return all.slice(from, from + historyPage)
  }

  const answer = (path: string, body: string): unknown => {
    const [, area = '', name = '', part, start, after] = path.split('/')
    if (path === '/tx') return accept(Buffer.from(body, 'hex'))
    if (area === 'block-height') return Number(name) <= height ? block(Number(name)) : null
    if (path === '/blocks/tip/hash') return block(height)
    if (path === '/blocks/tip/height') return `${height}`
    if (path === '/fee-estimates') return { 1: 12.5, 2: 9, 3: 4.25, 6: 2.01, 144: 1.001 }
    if (area === 'block') {
      const at = heightOf(name)
      if (at === undefined) return null
      const all = inBlock(at)
      const from = Number(start)
      if (part === 'txs') return from < all.length ? all.slice(from, from + blockPage) : null
      const parent = at === 0 ? null : block(at - 1)
      const when = { timestamp: 1_700_000_000 + 600 * at }
      return { id: name, height: at, ...when, previousblockhash: parent, tx_count: all.length }
    }
    if (area === 'tx' && heights.has(name)) {
      const at = heights.get(name) ?? null
      return { txid: name, status: at === null ? { confirmed: false } : { confirmed: true, block_height: at } }
    }
    if (area !== 'address') return null
    if (part === 'txs') return historyOf(decodeURIComponent(name), after)
    const own = of(decodeURIComponent(name))
    const unspent = own.filter(({ isSpent }) => !isSpent)
    if (part === 'utxo') return unspent.map(({ id, index, value }) => ({ txid: id, vout: index, value: Number(value) }))
    const stats = { funded_txo_sum: Number(sum(own)), spent_txo_sum: Number(sum(own) - sum(unspent)) }
    return { address: name, chain_stats: stats, mempool_stats: { funded_txo_sum: 0, spent_txo_sum: 0 } }
  }

  const { url, close } = await listen(async (request, body, response) => {
    try {
      const found = answer(request.url ?? '/', body)
      if (typeof found === 'string') response.writeHead(200, { 'content-type': 'text/plain' }).end(found)
      else sendJson(response, found === null ? 404 : 200, found)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const message = JSON.stringify({ code: -26, message: error.message })
      response.writeHead(400).end(`sendrawtransaction RPC error: ${message}`)
    }
  })
  return {
    ...{ url, close, [Symbol.asyncDispose]: close },
    fund: (address, value) => {
      const id = hex(sha256(new TextEncoder().encode(`fake coin ${outputs.length}`)))
      outputs.push({ id, index: 0, script: scriptOf(address), value, isSpent: false })
    },
    mine: () => {
      height++
      forkOf.set(height, forks)
      for (const [id, at] of heights) if (at === null) heights.set(id, height)
    },
    reorganise: (blocks) => {
      forks++
      height -= blocks
      for (const [id, at] of heights) if (at !== null && at > height) heights.set(id, null)
    },
  }
}

/** Transactions in one page of a history. Esplora has 25. */
const historyPage = 2
/** Transactions in one page of a block. */
const blockPage = 25

class Refused extends Error {}

function parsed(bytes: Uint8Array): Transaction {
  try {
    return Transaction.fromRaw(bytes, { allowUnknownInputs: true, allowUnknownOutputs: true })
  } catch {
    throw new Refused('TX decode failed')
  }
}

function inputsOf(transaction: Transaction) {
  return Array.from({ length: transaction.inputsLength }, (_, at) => {
    const { txid = new Uint8Array(0), index = 0 } = transaction.getInput(at)
    return { id: hex(txid), index }
  })
}

function outputsOf(transaction: Transaction) {
  return Array.from({ length: transaction.outputsLength }, (_, at) => {
    const { script = new Uint8Array(0), amount = 0n } = transaction.getOutput(at)
    return { script, value: amount }
  })
}

/** P2WPKH, as Pawl signs it. */
function verify(transaction: Transaction, at: number, script: Uint8Array, value: bigint): void {
  const [proof, key] = transaction.getInput(at).finalScriptWitness ?? []
  const decoded = OutScript.decode(script)
  if (!proof || !key || decoded.type !== 'wpkh') throw new Refused('mandatory-script-verify-flag-failed')
  const code = OutScript.encode({ type: 'pkh', hash: decoded.hash })
  const digest = transaction.preimageWitnessV0(at, code, SigHash.ALL, value)
  const options = { prehash: false, format: 'der' } as const
  if (secp256k1.verify(proof.subarray(0, -1), digest, key, options)) return
  throw new Refused('mandatory-script-verify-flag-failed')
}
