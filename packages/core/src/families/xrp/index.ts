import { sha512 } from '@noble/hashes/sha2.js'
import { concat, hex, utf8 } from '../../kernel/bytes.ts'
import { checkedEd25519 } from '../ed25519.ts'
import { BadTransaction, type ChainFactsNow, type Family, type ToSign, type TransactionRequest } from '../family.ts'
import { agreesWith, isGiven, numberBetween, onlyFields, recipientOf, textUpTo } from '../request.ts'
import { addressOf, recipient, signingKey } from './addresses.ts'
import { dropsOf } from './amounts.ts'
import { badField } from './bad-field.ts'
import { isRecord, type Json, memoHex, serialize } from './codec.ts'
import { effectsOfJson } from './reading.ts'
import { transactionTypes } from './table.ts'

export interface XrpDraft {
  readonly from: string
  /** With what the caller says. `build` adds what is missing: the sequence, the fee and the last ledger. */
  readonly json: Json
}

export interface XrpUnsigned extends ToSign {
  /** Complete but for the signature. */
  readonly json: Json
}

const feeDefault = 12n
/** More can only be a mistake, or an attempt to burn money past a limit of amounts. */
const feeMax = 2_000_000n
/** The ledger creates no account with less, and takes the fee all the same. */
const reserve = 1_000_000n
/** A transaction that is not included until then never is. */
const ledgersToLive = 20n
const fullyCanonical = 0x80000000
const jsonBytesMax = 64 * 1024

/** The ledger asks for a whole reserve as the fee, which only the caller or a node can know. */
const costly: readonly string[] = ['AccountDelete', 'AMMCreate']

/**
 * The XRP Ledger with Ed25519 keys: payments of XRP, and every type of transaction in `table.ts` as JSON.
 *
 * @example
 * const draft = xrp.draft({ to: 'r…', value: 1_000_000n, fields: { destination_tag: 7 } }, network, from)
 * const unsigned = xrp.build(draft, { ...nothingAsked, account, tip }, publicKey)
 */
export const xrp: Family<XrpDraft, XrpUnsigned> = {
  name: 'xrp',
  keyChain: 'xrp',
  curve: 'ed25519',
  address: addressOf,
  canonical: (address, network) => recipient(address, network).address,

  draft: (request, network, from) => {
    onlyFields(request.fields, 'the XRP Ledger', ['destination_tag', 'memo', 'xrpl_tx_json'])
    const tag = numberBetween(request.fields, 'destination_tag', 0n, 2n ** 32n - 1n)
    const memo = textUpTo(request.fields, 'memo', 900)
    if (isGiven(request.fields, 'xrpl_tx_json')) {
      if (tag !== null) throw new BadTransaction('destination_tag', 'is decided by xrpl_tx_json')
      if (memo !== null) throw new BadTransaction('memo', 'is decided by xrpl_tx_json')
      return { from, json: prebuilt(request, network, from) }
    }
    const to = recipient(recipientOf(request), network)
    if (tag !== null && to.tag !== null && tag !== to.tag) {
      throw new BadTransaction('destination_tag', 'is not the tag in the X-address')
    }
    if (to.address === from) throw new BadTransaction('to', 'is the address that pays')
    if (request.value <= 0n || dropsOf(String(request.value)) === null) {
      throw new BadTransaction('value', 'must be more than 0 and at most 100 billion XRP')
    }
    const finalTag = tag ?? to.tag
    const json = {
      ...{ TransactionType: 'Payment', Account: from, Destination: to.address, Amount: String(request.value) },
      ...(finalTag !== null && { DestinationTag: Number(finalTag) }),
      ...(memo !== null && { Memos: [{ Memo: { MemoData: memoHex(memo) } }] }),
    }
    return { from, json }
  },

  effects: ({ json }) => effectsOfJson(json),

  lookups: ({ json }) => (isBelowReserve(json) ? [String(json.Destination)] : []),

  build: ({ from, json: wanted }, facts, publicKey) => {
    if (addressOf(publicKey) !== from) throw new Error('The public key is not of this address.')
    if (facts.existing && isBelowReserve(wanted) && !facts.existing.includes(String(wanted.Destination))) {
      throw new BadTransaction('value', `must be at least ${reserve} drops, because the address is new`)
    }
    const json = completed(wanted, facts, publicKey)
    return { effects: effectsOfJson(json), toSign: [concat(prefixes.sign, serialize(json))], json }
  },

  assemble: ({ json, toSign }, [signature], publicKey) => {
    const proof = checkedEd25519(signature, toSign[0] as Uint8Array, publicKey)
    const bytes = serialize({ ...json, TxnSignature: hex(proof) })
    const id = hex(sha512(concat(prefixes.id, bytes)).subarray(0, 32)).toUpperCase()
    return { bytes, text: hex(bytes).toUpperCase(), id }
  },
}

const prefixes = { sign: concat(utf8('STX'), Uint8Array.of(0)), id: concat(utf8('TXN'), Uint8Array.of(0)) }

/** Whether the payment is too small for an address that is not on the ledger yet. */
function isBelowReserve({ TransactionType, Amount }: Json): boolean {
  return TransactionType === 'Payment' && typeof Amount === 'string' && BigInt(Amount) < reserve
}

/** The JSON of a caller, checked in full: only known members, of the own account, without a signature. */
function prebuilt(request: TransactionRequest, network: Parameters<typeof xrp.draft>[1], from: string): Json {
  const given = request.fields.xrpl_tx_json
  if (!isRecord(given) || utf8(JSON.stringify(given)).length > jsonBytesMax) {
    throw new BadTransaction('xrpl_tx_json', `must be an object of at most ${jsonBytesMax} bytes`)
  }
  for (const name of ['TxnSignature', 'Signers', 'SigningPubKey']) {
    if (given[name] !== undefined && given[name] !== '') throw badField(name, 'only the signer adds')
  }
  const json: Json = { ...without(given, ['TxnSignature', 'SigningPubKey']), Account: given.Account ?? from }
  if (json.Account !== from) throw badField('Account', 'is not the address that signs')
  if (typeof json.TransactionType !== 'string' || !Object.hasOwn(transactionTypes, json.TransactionType)) {
    throw badField('TransactionType', 'is not known')
  }
  if (json.Fee !== undefined && (dropsOf(json.Fee) ?? feeMax + 1n) > feeMax) {
    throw badField('Fee', `must be drops as text, and at most ${feeMax}`)
  }
  serialize(json)
  const { transfers, native } = effectsOfJson(json)
  const to = request.to ? recipient(request.to, network).address : null
  agreesWith(
    { to, value: request.value },
    { field: 'xrpl_tx_json', recipients: [from, ...transfers.map((one) => one.to)], native },
  )
  return json
}

function completed(wanted: Json, { account, fees, tip }: ChainFactsNow, publicKey: Uint8Array): Json {
  const next = account?.model === 'counter' ? account.next : null
  // A ticket stands for the sequence.
  const sequence = wanted.TicketSequence === undefined ? next : 0n
  if (wanted.Sequence === undefined && sequence === null) {
    throw new BadTransaction('chain', 'has no node that knows the sequence of the account')
  }
  if (wanted.LastLedgerSequence === undefined && !tip) {
    throw new BadTransaction('chain', 'has no node that knows the last ledger')
  }
  const lifetime = tip ? { LastLedgerSequence: Number(tip.height + ledgersToLive) } : {}
  return {
    ...{ Flags: fullyCanonical, Sequence: Number(sequence ?? 0n), Fee: feeFor(wanted, fees), ...lifetime },
    ...wanted,
    SigningPubKey: hex(signingKey(publicKey)).toUpperCase(),
  }
}

function feeFor({ TransactionType, Fulfillment, Fee }: Json, fees: ChainFactsNow['fees']): string {
  if (Fee !== undefined) return String(Fee)
  if (costly.includes(String(TransactionType))) throw badField('Fee', 'must be there for this type')
  const asked = fees?.model === 'size' ? fees.perTransaction : feeDefault
  // A fulfilment costs 33 times the fee, and once more for each 16 bytes.
  const times = typeof Fulfillment === 'string' ? 33n + BigInt(Math.ceil(Fulfillment.length / 32)) : 1n
  if (asked * times > feeMax) throw new BadTransaction('chain', `has a node that asks for a fee above ${feeMax} drops`)
  return String(asked * times)
}

function without(json: Json, names: readonly string[]): Json {
  return Object.fromEntries(
    Object.entries(json).filter(([name, value]) => !names.includes(name) && value !== undefined),
  )
}
