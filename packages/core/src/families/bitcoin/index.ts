import { concat, hex } from '../../kernel/bytes.ts'
import type { ChainOutput } from '../../ports/chain.ts'
import { type Effects, effectsOf, type Transfer } from '../effects.ts'
import {
  BadTransaction,
  type ChainFactsNow,
  type Family,
  type Network,
  type ToSign,
  type TransactionRequest,
} from '../family.ts'
import { agreesWith, numberBetween, onlyFields, rawTransaction, recipientOf } from '../request.ts'
import { checkedSignature, compressed, derOf } from '../secp256k1.ts'
import { addressOf, addressOfScript, canonicalAddress, dustOf, keyHash, scriptCode, scriptOf } from './addresses.ts'
import { planFrom } from './coins.ts'
import { digestsOf, idOf, type Plan, sighashAll, virtualSize, withoutWitnesses, withWitnesses } from './plan.ts'
import { type Prebuilt, readPsbt } from './psbt.ts'

export interface BitcoinDraft {
  readonly network: Network
  readonly from: string
  /** What the caller wants to pay, without change. Null for a prebuilt transaction. */
  readonly payment: { readonly to: string; readonly value: bigint } | null
  /** In satoshi per virtual byte. Null: the node says it. */
  readonly rate: bigint | null
  readonly prebuilt: Prebuilt | null
}

export interface BitcoinUnsigned extends ToSign {
  /** The transaction without signatures. The approval of a transaction is bound to these bytes. */
  readonly bytes: Uint8Array
  /** Signatures do not change it. */
  readonly id: string
  readonly plan: Plan
  readonly spends: readonly string[]
}

/** No market ever asked for more. A node that does is wrong, and a PSBT that pays more loses money. */
const satPerVbyteMax = 1_000n
/** Nodes forward no cheaper transaction. */
const satPerVbyteMin = 1n
const supplyMax = 21_000_000n * 100_000_000n

/**
 * Bitcoin with P2WPKH keys: payments to every type of address, and PSBTs that spend only outputs of the key.
 *
 * @example
 * const draft = bitcoin.draft({ to: 'bc1q…', value: 50_000n, fields: {} }, network, from)
 * const unsigned = bitcoin.build(draft, facts, publicKey)
 * const { text, id } = bitcoin.assemble(unsigned, unsigned.toSign.map(sign), publicKey)
 */
export const bitcoin: Family<BitcoinDraft, BitcoinUnsigned> = {
  name: 'bitcoin',
  keyChain: 'bitcoin',
  curve: 'secp256k1',
  address: addressOf,
  canonical: canonicalAddress,

  draft: (request, network, from) => {
    onlyFields(request.fields, 'Bitcoin', ['fee_rate_sat_per_vbyte', 'raw_transaction'])
    const rate = numberBetween(request.fields, 'fee_rate_sat_per_vbyte', satPerVbyteMin, satPerVbyteMax)
    const bytes = rawTransaction(request.fields)
    if (!bytes) return { network, from, rate, payment: paymentOf(request, network), prebuilt: null }
    if (rate !== null) throw new BadTransaction('fee_rate_sat_per_vbyte', 'is decided by raw_transaction')
    const prebuilt = readPsbt(bytes, scriptOf(from, network))
    checkFee(prebuilt.plan)
    const draft = { network, from, rate, payment: null, prebuilt }
    const { transfers, native } = bitcoin.effects(draft)
    const to = request.to ? canonicalAddress(request.to, network) : null
    const recipients = transfers.map((one) => one.to)
    agreesWith({ to, value: request.value }, { field: 'raw_transaction', recipients, native })
    return draft
  },

  effects: (draft) =>
    draft.prebuilt
      ? effectsOfOutputs(draft, draft.prebuilt.plan.outputs, feeOf(draft.prebuilt.plan))
      : effectsOfOutputs(draft, outputsOf(draft), null),

  build: (draft, facts, publicKey) => {
    if (addressOf(publicKey, draft.network) !== draft.from) throw new Error('The public key is not of this address.')
    const plan = planOf(draft, facts)
    return {
      effects: effectsOfOutputs(draft, plan.outputs, feeOf(plan)),
      toSign: digestsOf(plan, scriptCode(keyHash(publicKey))),
      bytes: withoutWitnesses(plan),
      id: idOf(plan),
      plan,
      spends: plan.inputs.map(nameOf),
    }
  },

  assemble: ({ plan, toSign, id }, signatures, publicKey) => {
    const key = compressed(publicKey)
    const witnesses = toSign.map((digest, at) => {
      const proof = checkedSignature(signatures[at], digest, key)
      return [concat(derOf(proof), Uint8Array.of(sighashAll)), key]
    })
    const bytes = withWitnesses(plan, witnesses)
    return { bytes, text: hex(bytes), id }
  },
}

function paymentOf(request: TransactionRequest, network: Network): NonNullable<BitcoinDraft['payment']> {
  const to = canonicalAddress(recipientOf(request), network)
  const least = dustOf(scriptOf(to, network))
  if (request.value < least) throw new BadTransaction('value', `must be at least ${least} satoshi for this address`)
  if (request.value > supplyMax) throw new BadTransaction('value', 'is more than all bitcoins')
  return { to, value: request.value }
}

/** Outputs to the own address are change, and do not leave the signer. */
function effectsOfOutputs({ from, network }: BitcoinDraft, outputs: Plan['outputs'], overhead: bigint | null): Effects {
  const own = hex(scriptOf(from, network))
  const paid = outputs.filter(({ script }) => hex(script) !== own)
  const named = paid.map(({ script, value }) => ({ to: addressOfScript(script, network), amount: value }))
  return effectsOf({
    native: paid.reduce((sum, { value }) => sum + value, 0n),
    overhead,
    transfers: named.flatMap(({ to, amount }): Transfer[] => (to === null ? [] : [{ to, token: null, amount }])),
    opaque: named.some(({ to }) => to === null) ? 'an output has no address' : null,
  })
}

function outputsOf({ payment, network }: BitcoinDraft): Plan['outputs'] {
  return payment ? [{ script: scriptOf(payment.to, network), value: payment.value }] : []
}

function planOf(draft: BitcoinDraft, facts: ChainFactsNow): Plan {
  const coins = facts.account?.model === 'outputs' ? facts.account.outputs : null
  if (draft.prebuilt) return provenPlan(draft.prebuilt, coins)
  if (!coins) throw new BadTransaction('chain', 'has no node that knows the outputs of the address')
  const change = scriptOf(draft.from, draft.network)
  return planFrom(coins, { outputs: outputsOf(draft), change, rate: rateOf(draft, facts) })
}

/**
 * A signature of one input does not cover the values of the others. So a false value in a PSBT can hide a fee
 * (CVE-2020-14199), unless the node or the spent transactions say the same.
 */
function provenPlan({ plan, isProven }: Prebuilt, coins: readonly ChainOutput[] | null): Plan {
  if (!coins) {
    if (isProven) return plan
    throw new BadTransaction('raw_transaction', 'must contain the spent transactions, because no node knows them')
  }
  const values = new Map(coins.map((coin) => [nameOf(coin), coin.value]))
  if (plan.inputs.every((input) => values.get(nameOf(input)) === input.value)) return plan
  throw new BadTransaction('raw_transaction', 'spends what is no unspent output of the address')
}

/** In satoshi per 1,000 virtual bytes. */
function rateOf({ rate }: BitcoinDraft, { fees }: ChainFactsNow): bigint {
  const field = 'fee_rate_sat_per_vbyte'
  if (rate !== null) return rate * 1_000n
  if (fees?.model !== 'size') throw new BadTransaction(field, 'is missing, and no node says a fee rate')
  if (fees.perKilobyte > satPerVbyteMax * 1_000n) {
    throw new BadTransaction(field, `is missing, and the node asks for more than ${satPerVbyteMax}`)
  }
  return fees.perKilobyte < satPerVbyteMin * 1_000n ? satPerVbyteMin * 1_000n : fees.perKilobyte
}

function feeOf({ inputs, outputs }: Plan): bigint {
  const sum = (all: readonly { readonly value: bigint }[]) => all.reduce((total, { value }) => total + value, 0n)
  return sum(inputs) - sum(outputs)
}

function checkFee(plan: Plan): void {
  const [fee, most] = [feeOf(plan), virtualSize(plan) * satPerVbyteMax]
  if (fee < 0n || fee > most) throw new BadTransaction('raw_transaction', `must pay a fee of 0 to ${most} satoshi`)
}

function nameOf({ transactionId, index }: { readonly transactionId: string; readonly index: number }): string {
  return `${transactionId}:${index}`
}
