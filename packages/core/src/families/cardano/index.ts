import { blake2b } from '@noble/hashes/blake2.js'
import { equalBytes, hex } from '../../kernel/bytes.ts'
import type { ChainOutput } from '../../ports/chain.ts'
import { checkedEd25519 } from '../ed25519.ts'
import { type Effects, effectsOf, type Transfer } from '../effects.ts'
import {
  BadTransaction,
  type ChainFactsNow,
  type Family,
  type Network,
  type ToSign,
  type TransactionRequest,
} from '../family.ts'
import { agreesWith, isGiven, numberBetween, onlyFields, rawTransaction, recipientOf } from '../request.ts'
import { addressBytes, addressOf, addressText, canonicalAddress } from './addresses.ts'
import { type Body, encodeBody, encodeTransaction, type Output, readTransaction } from './body.ts'
import { bodyFrom, leastCoin } from './coins.ts'

export interface CardanoDraft {
  readonly network: Network
  readonly from: string
  /** What the recipient gets. Null for a prebuilt transaction. */
  readonly output: Output | null
  /** Null: two hours from now. */
  readonly ttl: bigint | null
  readonly prebuilt: { readonly bytes: Uint8Array; readonly body: Body } | null
}

export interface CardanoUnsigned extends ToSign {
  readonly body: Uint8Array
  readonly spends: readonly string[]
}

const slotsToLive = 7_200n
const feesDefault = { perTransaction: 155_381n, perKilobyte: 44_000n }
/** The largest transaction costs less than one ada. More can only be a mistake, or an attempt to burn money. */
const feeMax = 2_000_000n
const amountMax = 2n ** 63n - 1n

/**
 * Cardano with enterprise addresses: payments in ada and native tokens, and prebuilt payments.
 *
 * @example
 * const draft = cardano.draft({ to: 'addr1…', value: 5n, fields: { token_mint: `${policy}.${name}` } }, network, from)
 * const unsigned = cardano.build(draft, { ...nothingAsked, account, tip }, publicKey)
 */
export const cardano: Family<CardanoDraft, CardanoUnsigned> = {
  name: 'cardano',
  keyChain: 'cardano',
  curve: 'ed25519',
  address: addressOf,
  canonical: canonicalAddress,

  draft: (request, network, from) => {
    onlyFields(request.fields, 'Cardano', ['raw_transaction', 'token_decimals', 'token_mint', 'ttl'])
    const ttl = numberBetween(request.fields, 'ttl', 1n, amountMax)
    const bytes = rawTransaction(request.fields)
    if (!bytes) return { network, from, ttl, output: outputOf(request, network), prebuilt: null }
    for (const name of ['token_mint', 'ttl'] as const) {
      if (isGiven(request.fields, name)) throw new BadTransaction(name, 'is decided by raw_transaction')
    }
    return prebuiltDraft(request, bytes, network, from)
  },

  effects: ({ output, prebuilt, network, from }) =>
    prebuilt
      ? effectsOfOutputs(prebuilt.body.outputs, prebuilt.body.fee, network, from)
      : { ...effectsOfOutputs(output ? [output] : [], 0n, network, from), overhead: null },

  build: (draft, facts, publicKey) => {
    const { network, from, prebuilt } = draft
    if (addressOf(publicKey, network) !== from) throw new Error('The public key is not of this address.')
    const coins = facts.account?.model === 'outputs' ? facts.account.outputs : null
    if (!coins) throw new BadTransaction('chain', 'has no node that knows the outputs of the address')
    const body = prebuilt ? ownBody(prebuilt.body, coins) : bodyOf(draft, coins, facts)
    const bytes = prebuilt?.bytes ?? encodeBody(body)
    const effects = effectsOfOutputs(body.outputs, body.fee, network, from)
    const spends = body.inputs.map(({ transactionId, index }) => `${transactionId}:${index}`)
    return { effects, toSign: [idOf(bytes)], body: bytes, spends }
  },

  assemble: ({ body, toSign }, [signature], publicKey) => {
    const id = toSign[0] as Uint8Array
    const bytes = encodeTransaction(body, publicKey, checkedEd25519(signature, id, publicKey))
    return { bytes, text: hex(bytes), id: hex(id) }
  },
}

function idOf(body: Uint8Array): Uint8Array {
  return blake2b(body, { dkLen: 32 })
}

/** A token travels with the least coins that an output with it must have. */
function outputOf(request: TransactionRequest, network: Network): Output {
  const address = addressBytes(recipientOf(request), network)
  const { value } = request
  if (value <= 0n || value > amountMax)
    throw new BadTransaction('value', 'must be from 1 to 2^63 - 1 of the smallest unit')
  if (isGiven(request.fields, 'token_mint')) {
    const output = { address, coin: 0n, tokens: { [tokenOf(request.fields.token_mint)]: value } }
    return { ...output, coin: leastCoin(output) }
  }
  const output = { address, coin: value, tokens: {} }
  if (value < leastCoin(output)) throw new BadTransaction('value', `must be at least ${leastCoin(output)} lovelace`)
  return output
}

/** The id of the policy, a dot and the name of the asset, both in hexadecimal digits. */
function tokenOf(given: unknown): string {
  const text = typeof given === 'string' ? given.toLowerCase() : ''
  if (/^[0-9a-f]{56}\.([0-9a-f]{2}){0,32}$/.test(text)) return text
  throw new BadTransaction('token_mint', 'must be the policy ID, a dot and the asset name, both in hexadecimal digits')
}

function prebuiltDraft(request: TransactionRequest, bytes: Uint8Array, network: Network, from: string): CardanoDraft {
  const prebuilt = parsed(bytes)
  const { outputs, fee } = prebuilt.body
  if (fee > feeMax) throw new BadTransaction('raw_transaction', `must have a fee of at most ${feeMax} lovelace`)
  for (const { address } of outputs) checkAddress(address, network)
  const { transfers, native } = effectsOfOutputs(outputs, fee, network, from)
  const to = request.to ? canonicalAddress(request.to, network) : null
  const recipients = transfers.map((one) => one.to)
  agreesWith({ to, value: request.value }, { field: 'raw_transaction', recipients, native })
  return { network, from, output: null, ttl: null, prebuilt }
}

function parsed(bytes: Uint8Array): NonNullable<CardanoDraft['prebuilt']> {
  try {
    return readTransaction(bytes)
  } catch {
    throw new BadTransaction('raw_transaction', 'is not an unsigned payment on Cardano in deterministic CBOR')
  }
}

function checkAddress(address: Uint8Array, network: Network): void {
  try {
    addressBytes(addressText(address), network)
  } catch {
    throw new BadTransaction('raw_transaction', `has an output to an address that is not of ${network.name}`)
  }
}

/** The coins that an output with tokens must have are overhead, and the rest of its coins is a payment. */
function effectsOfOutputs(outputs: readonly Output[], fee: bigint, network: Network, from: string): Effects {
  const own = addressBytes(from, network)
  const paid = outputs.filter(({ address }) => !equalBytes(address, own))
  const parts = paid.map((output) => {
    const needed = Object.keys(output.tokens).length > 0 ? leastCoin(output) : 0n
    const free = output.coin > needed ? output.coin - needed : 0n
    return { output, free, bound: output.coin - free }
  })
  const sum = (all: readonly bigint[]) => all.reduce((total, one) => total + one, 0n)
  return effectsOf({
    native: sum(parts.map(({ free }) => free)),
    overhead: fee + sum(parts.map(({ bound }) => bound)),
    transfers: parts.flatMap(({ output, free }) => transfersOf(output, free)),
  })
}

function transfersOf({ address, tokens }: Output, free: bigint): Transfer[] {
  const to = addressText(address)
  const coins = free > 0n ? [{ to, token: null, amount: free }] : []
  return [...coins, ...Object.entries(tokens).map(([token, amount]) => ({ to, token, amount }))]
}

function bodyOf(
  { network, from, output, ttl }: CardanoDraft,
  coins: readonly ChainOutput[],
  facts: ChainFactsNow,
): Body {
  const { tip, fees } = facts
  if (!output) throw new Error('A draft has an output or a prebuilt transaction.')
  if (ttl === null && !tip) throw new BadTransaction('ttl', 'is missing, and no node knows the current slot')
  if (ttl !== null && tip && ttl <= tip.height) throw new BadTransaction('ttl', 'is a slot in the past')
  const last = ttl ?? (tip?.height ?? 0n) + slotsToLive
  const rates = fees?.model === 'size' ? fees : feesDefault
  const body = bodyFrom(coins, { output, change: addressBytes(from, network), ttl: last, fees: rates })
  if (body.fee <= feeMax) return body
  throw new BadTransaction('value', `leaves a rest that is lost: the fee would be more than ${feeMax} lovelace`)
}

/** An output of another address needs another signature, so nothing of it could be checked here. */
function ownBody(body: Body, coins: readonly ChainOutput[]): Body {
  const own = new Set(coins.map(({ transactionId, index }) => `${transactionId}:${index}`))
  if (body.inputs.every(({ transactionId, index }) => own.has(`${transactionId}:${index}`))) return body
  throw new BadTransaction('raw_transaction', 'spends what is no unspent output of the address')
}
