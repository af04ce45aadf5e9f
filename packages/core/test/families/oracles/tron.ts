import { TronWeb, utils } from 'tronweb'

// Tron as tronweb has it. Its encoder works without a node.

const hexKey = (key: Uint8Array) => Buffer.from(key).toString('hex')

export function oracleAddress(key: Uint8Array): string {
  return TronWeb.address.fromPrivateKey(hexKey(key)) as string
}

export const oracleHex = (address: string) => TronWeb.address.toHex(address)

export interface OracleWanted {
  readonly from: string
  readonly to: string
  readonly amount: bigint
  readonly token?: string
  readonly feeLimit?: number
  readonly memo?: string
  readonly block: { readonly bytes: string; readonly hash: string; readonly timestamp: number }
}

/** The transaction as the API of Tron gives it, by the library. */
export function oracleTransaction({ from, to, amount, token, feeLimit, memo, block }: OracleWanted) {
  const [owner_address, other] = [oracleHex(from), oracleHex(to)]
  const words = [other.slice(2).padStart(64, '0'), amount.toString(16).padStart(64, '0')]
  const [type, value] = token
    ? ['TriggerSmartContract', { owner_address, contract_address: oracleHex(token), data: `a9059cbb${words.join('')}` }]
    : ['TransferContract', { owner_address, to_address: other, amount: Number(amount) }]
  const raw_data = {
    contract: [{ parameter: { value, type_url: `type.googleapis.com/protocol.${type}` }, type }],
    ref_block_bytes: block.bytes,
    ref_block_hash: block.hash,
    expiration: block.timestamp + 60_000,
    timestamp: block.timestamp,
    ...(memo !== undefined && { data: Buffer.from(memo).toString('hex') }),
    ...(token && { fee_limit: feeLimit }),
  }
  return oracleOf(raw_data)
}

/** The bytes and the id of a readable transaction, by the library. */
export function oracleOf<T extends object>(raw_data: T) {
  const pb = utils.transaction.txJsonToPb({ raw_data })
  const raw_data_hex = String(utils.transaction.txPbToRawDataHex(pb)).toLowerCase()
  const txID = String(utils.transaction.txPbToTxID(pb)).replace(/^0x/, '')
  return { visible: false, txID, raw_data, raw_data_hex }
}

/** r ‖ s ‖ v, with v as 27 or 28. */
export function oracleSignature(txID: string, key: Uint8Array): string {
  return utils.crypto.ECKeySign(utils.code.hexStr2byteArray(txID), [...key]).toLowerCase()
}

/** The transaction that `/wallet/broadcasthex` takes. */
export function oracleSigned({ raw_data_hex }: { readonly raw_data_hex: string }, signature: string): string {
  const length = raw_data_hex.length / 2
  const varint: number[] = []
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) {
      varint.push(rest)
      break
    }
    varint.push((rest & 0x7f) | 0x80)
  }
  return `0a${Buffer.from(varint).toString('hex')}${raw_data_hex}1241${signature}`
}
