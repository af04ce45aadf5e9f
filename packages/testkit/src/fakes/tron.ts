import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat, hex } from '@pawl/core/ports'
import { createBase58check } from '@scure/base'
import { listen, sendJson } from './loopback.ts'

export interface FakeTron extends AsyncDisposable {
  /** The address of the HTTP API. */
  readonly url: string
  /** Adds sun to an address. */
  fund(address: string, sun: bigint): void
  /** Sets the balance of an address in a token. */
  fundToken(address: string, token: string, amount: bigint): void
  /** Makes a block of the transactions that wait. */
  mine(): void
  close(): Promise<void>
}

const base58check = createBase58check(sha256)
const fee = 268_000n

/**
 * A node of Tron on loopback, for tests. It has the HTTP API, keeps balances, and verifies signatures. It runs transfers of TRX.
 * Nothing on it is worth anything.
 *
 * @example
 * await using node = await startFakeTron()
 * node.fund(address, 10_000_000n)
 */
export async function startFakeTron({ genesisEnd = '2b6653dc' } = {}): Promise<FakeTron> {
  const balances = new Map<string, bigint>()
  const sent = new Map<string, { block: number | null }>()
  let height = 5_000
  const blockId = (at: number) =>
    `${at.toString(16).padStart(16, '0')}${hex(sha256(new TextEncoder().encode(`${at}`))).slice(16)}`
  const balanceOf = (name: string) => balances.get(name) ?? 0n

  const broadcast = (transaction: string): object => {
    const read = parsed(new Uint8Array(Buffer.from(transaction, 'hex')))
    if (!read) return { code: 'OTHER_ERROR', message: Buffer.from('cannot parse the protocol message').toString('hex') }
    const { id, signer, from, to, amount } = read
    if (signer !== from) return { code: 'SIGERROR', txid: id }
    if (sent.has(id)) return { code: 'DUP_TRANSACTION_ERROR', txid: id }
    if (balanceOf(from) < amount + fee) {
      const message = 'Contract validate error : Validate TransferContract error, balance is not sufficient.'
      return { code: 'CONTRACT_VALIDATE_ERROR', txid: id, message: Buffer.from(message).toString('hex') }
    }
    balances.set(from, balanceOf(from) - amount - fee)
    balances.set(to, balanceOf(to) + amount)
    sent.set(id, { block: null })
    return { result: true, txid: id }
  }

  const methods: Readonly<Record<string, (asked: Readonly<Record<string, unknown>>) => object>> = {
    getblockbynum: () => ({ blockID: `${'0'.repeat(56)}${genesisEnd}` }),
    getnowblock: () => ({
      blockID: blockId(height),
      block_header: { raw_data: { number: height, timestamp: 1_700_000_000_000 + 3_000 * height } },
    }),
    getchainparameters: () => ({
      chainParameter: [
        { key: 'getMemoFee', value: 1_000_000 },
        { key: 'getTransactionFee', value: 1_000 },
      ],
    }),
    getaccount: ({ address }) =>
      balances.has(`${address}`) ? { address, balance: Number(balanceOf(`${address}`)) } : {},
    triggerconstantcontract: ({ contract_address, parameter }) => {
      const owner = base58check.encode(new Uint8Array(Buffer.from(`41${`${parameter}`.slice(24)}`, 'hex')))
      return { constant_result: [balanceOf(`${owner} ${contract_address}`).toString(16).padStart(64, '0')] }
    },
    broadcasthex: ({ transaction }) => broadcast(`${transaction}`),
    gettransactionbyid: ({ value }) => (sent.has(`${value}`) ? { txID: value } : {}),
    gettransactioninfobyid: ({ value }) => {
      const block = sent.get(`${value}`)?.block ?? null
      return block === null ? {} : { id: value, blockNumber: block, receipt: { net_fee: Number(fee) } }
    },
  }

  const { url, close } = await listen(async (request, body, response) => {
    const method = methods[(request.url ?? '').replace('/wallet/', '')]
    sendJson(response, method ? 200 : 404, method?.(JSON.parse(body)) ?? {})
  })
  return {
    ...{ url, close, [Symbol.asyncDispose]: close },
    fund: (address, sun) => void balances.set(address, balanceOf(address) + sun),
    fundToken: (address, token, amount) => void balances.set(`${address} ${token}`, amount),
    mine: () => {
      height++
      for (const one of sent.values()) one.block ??= height
    },
  }
}

/** A signed transfer of TRX. Null for anything else. */
function parsed(bytes: Uint8Array) {
  try {
    const transaction = fieldsOf(bytes)
    const [raw, proof] = [bytesAt(transaction, 1), bytesAt(transaction, 2)]
    const parameter = fieldsOf(bytesAt(fieldsOf(bytesAt(fieldsOf(raw), 11)), 2))
    const transfer = fieldsOf(bytesAt(parameter, 2))
    const digest = sha256(raw)
    const recovered = concat(Uint8Array.of((proof[64] as number) - 27), proof.subarray(0, 64))
    const point = secp256k1.Point.fromBytes(secp256k1.recoverPublicKey(recovered, digest, { prehash: false }))
    const account = keccak_256(point.toBytes(false).subarray(1)).subarray(12)
    const [from, to] = [bytesAt(transfer, 1), bytesAt(transfer, 2)].map((one) => base58check.encode(one)) as [
      string,
      string,
    ]
    const amount = transfer.get(3)
    if (typeof amount !== 'bigint') return null
    return { id: hex(digest), signer: base58check.encode(concat(Uint8Array.of(0x41), account)), from, to, amount }
  } catch {
    return null
  }
}

function fieldsOf(bytes: Uint8Array): Map<number, bigint | Uint8Array> {
  const fields = new Map<number, bigint | Uint8Array>()
  let at = 0
  const number = () => {
    let [value, shift] = [0n, 0n]
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('too short')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
      shift += 7n
    }
  }
  while (at < bytes.length) {
    const key = Number(number())
    const value = number()
    if (key % 8 === 0) fields.set(key >> 3, value)
    else {
      fields.set(key >> 3, bytes.subarray(at, at + Number(value)))
      at += Number(value)
    }
  }
  return fields
}

function bytesAt(fields: ReadonlyMap<number, bigint | Uint8Array>, number: number): Uint8Array {
  const value = fields.get(number)
  if (!(value instanceof Uint8Array)) throw new RangeError('no bytes')
  return value
}
