import type { IncomingMessage, ServerResponse } from 'node:http'
import { ed25519 } from '@noble/curves/ed25519.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { hex, utf8 } from '@pawl/core/ports'
import { bech32 } from '@scure/base'
import { listenWith, sendJson } from './loopback.ts'

export interface FakeCardano extends AsyncDisposable {
  /** The URL of the API, which is that of Blockfrost. */
  readonly url: string
  /** Gives an address an output, with tokens by `policy.name`. */
  fund(address: string, lovelace: bigint, tokens?: Readonly<Record<string, bigint>>): void
  /** Makes a block of the transactions that wait. */
  mine(): void
  close(): Promise<void>
}

interface Output {
  readonly id: string
  readonly index: number
  readonly address: string
  readonly amounts: Readonly<Record<string, bigint>>
  isSpent: boolean
}

/**
 * A server of Cardano on loopback, for tests. It has the API of Blockfrost, keeps outputs, and verifies signatures. Nothing on it
 * is worth anything.
 *
 * @example
 * await using node = await startFakeCardano()
 * node.fund(address, 10_000_000n)
 */
export async function startFakeCardano({ networkMagic = 764_824_073 } = {}): Promise<FakeCardano> {
  const outputs: Output[] = []
  const sent = new Map<string, { block: number | null; slot: number }>()
  let height = 900
  const slot = () => 20 * height
  const hash = (text: string) => hex(blake2b(utf8(text), { dkLen: 32 }))

  const submit = (bytes: Uint8Array): string => {
    const read = parsed(bytes)
    if (!read) throw new Refused('DeserialiseFailure')
    if (sent.has(read.id)) throw new Refused('All inputs are spent. Transaction has probably already been included')
    const spent = read.inputs.map(({ id, index }) => {
      const found = outputs.find((one) => one.id === id && one.index === index && !one.isSpent)
      if (!found) throw new Refused('ConwayUtxowFailure (UtxoFailure (BadInputsUTxO))')
      return found
    })
    if (spent.some(({ address }) => address !== read.signer)) throw new Refused('MissingVKeyWitnessesUTXOW')
    if (!read.isSigned) throw new Refused('InvalidWitnessesUTXOW')
    const paid = [...read.outputs.map(({ amounts }) => amounts), { lovelace: read.fee }]
    if (
      !sameSums(
        spent.map(({ amounts }) => amounts),
        paid,
      )
    )
      throw new Refused('ValueNotConservedUTxO')
    for (const one of spent) one.isSpent = true
    for (const [index, one] of read.outputs.entries()) outputs.push({ id: read.id, index, ...one, isSpent: false })
    sent.set(read.id, { block: null, slot: 0 })
    return read.id
  }

  const answer = (path: string, page: number): unknown => {
    const [, area = '', name = ''] = path.split('/')
    if (path === '/genesis') return { network_magic: networkMagic }
    if (path === '/blocks/latest')
      return { height, slot: slot(), hash: hash(`${height}`), time: 1_700_000_000 + slot() }
    if (path === '/epochs/latest/parameters') return { min_fee_a: 44, min_fee_b: 155_381 }
    if (area === 'txs' || area === 'mempool') {
      const found = sent.get(name)
      if (!found || (found.block === null) === (area === 'txs')) return null
      return { hash: name, block_height: found.block, slot: found.slot, valid_contract: true }
    }
    if (area !== 'addresses') return null
    const own = outputs.filter(({ address }) => address === decodeURIComponent(name))
    if (own.length === 0) return null
    const unspent = own.filter(({ isSpent }) => !isSpent)
    return unspent.slice(100 * (page - 1), 100 * page).map(({ id, index, amounts }) => ({
      ...{ tx_hash: id, output_index: index },
      amount: Object.entries(amounts).map(([unit, quantity]) => ({ unit, quantity: `${quantity}` })),
    }))
  }

  const respond = (request: IncomingMessage, body: Uint8Array, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    try {
      const page = Number(searchParams.get('page') ?? 1)
      const found = pathname === '/tx/submit' ? submit(body) : answer(pathname, page)
      sendJson(response, found === null ? 404 : 200, found ?? { status_code: 404, error: 'Not Found' })
    } catch (error) {
      const message = error instanceof Error ? error.message : 'failed'
      sendJson(response, error instanceof Refused ? 400 : 500, { error: 'Bad Request', message })
    }
  }
  // Transactions arrive as bytes, which are no text.
  const { url, close } = await listenWith((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => respond(request, new Uint8Array(Buffer.concat(chunks)), response))
  })
  return {
    ...{ url, close, [Symbol.asyncDispose]: close },
    fund: (address, lovelace, tokens = {}) => {
      const named = Object.entries(tokens).map(([token, amount]) => [token.replace('.', ''), amount] as const)
      const amounts = { lovelace, ...Object.fromEntries(named) }
      outputs.push({ id: hash(`coin ${outputs.length}`), index: 0, address, amounts, isSpent: false })
    },
    mine: () => {
      height++
      for (const one of sent.values()) if (one.block === null) Object.assign(one, { block: height, slot: slot() })
    },
  }
}

class Refused extends Error {}

type Amounts = Readonly<Record<string, bigint>>

function sameSums(one: readonly Amounts[], other: readonly Amounts[]): boolean {
  const rest = new Map<string, bigint>()
  for (const amounts of one)
    for (const [unit, count] of Object.entries(amounts)) rest.set(unit, (rest.get(unit) ?? 0n) + count)
  for (const amounts of other)
    for (const [unit, count] of Object.entries(amounts)) rest.set(unit, (rest.get(unit) ?? 0n) - count)
  return [...rest.values()].every((count) => count === 0n)
}

type Item = bigint | Uint8Array | Item[] | Map<string, Item>

/** A payment with one signature. Null for anything else. */
function parsed(bytes: Uint8Array) {
  try {
    const reader = new Reader(bytes)
    reader.head()
    const start = reader.at
    const body = reader.item() as Map<string, Item>
    const id = blake2b(bytes.subarray(start, reader.at), { dkLen: 32 })
    const [[key, proof]] = (reader.item() as Map<string, [[Uint8Array, Uint8Array]]>).get('0') as [
      [Uint8Array, Uint8Array],
    ]
    const outputs = body.get('1') as [Uint8Array, Item][]
    const header = outputs[0]?.[0]?.[0] ?? 0
    const signer = text(Uint8Array.of(0x60 | (header & 0x0f), ...blake2b(key, { dkLen: 28 })))
    return {
      ...{ id: hex(id), signer, isSigned: ed25519.verify(proof, id, key), fee: body.get('2') as bigint },
      inputs: (body.get('0') as [Uint8Array, bigint][]).map(([one, index]) => ({ id: hex(one), index: Number(index) })),
      outputs: outputs.map(([address, amount]) => ({ address: text(address), amounts: amountsOf(amount) })),
    }
  } catch {
    return null
  }
}

function amountsOf(amount: Item): Amounts {
  if (typeof amount === 'bigint') return { lovelace: amount }
  const [lovelace, policies] = amount as [bigint, Map<string, Map<string, bigint>>]
  const tokens = [...policies].flatMap(([policy, names]) =>
    [...names].map(([name, count]) => [policy + name, count] as const),
  )
  return { lovelace, ...Object.fromEntries(tokens) }
}

function text(address: Uint8Array): string {
  return bech32.encode(((address[0] ?? 0) & 0x0f) === 1 ? 'addr' : 'addr_test', bech32.toWords(address), false)
}

/** CBOR. Keys of maps are their digits: decimal for numbers, hexadecimal for bytes. Tags are left out. */
class Reader {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  head(): readonly [kind: number, number: number | bigint] {
    const first = this.#bytes[this.at++]
    if (first === undefined) throw new RangeError('too short')
    const short = first & 0x1f
    if (short < 24) return [first >> 5, short]
    const length = 2 ** (short - 24)
    this.at += length
    return [first >> 5, BigInt(`0x${hex(this.#bytes.subarray(this.at - length, this.at))}`)]
  }

  item(): Item {
    const [kind, number] = this.head()
    if (kind === 0) return BigInt(number)
    if (kind === 6) return this.item()
    if (kind === 2) {
      this.at += Number(number)
      return this.#bytes.subarray(this.at - Number(number), this.at)
    }
    if (kind === 4) return Array.from({ length: Number(number) }, () => this.item())
    if (kind !== 5) throw new RangeError('type')
    return new Map(Array.from({ length: Number(number) }, () => [this.#key(), this.item()] as const))
  }

  #key(): string {
    const key = this.item()
    return key instanceof Uint8Array ? hex(key) : String(key)
  }
}
