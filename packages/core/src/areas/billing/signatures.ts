import { monthOf } from '../../kernel/time.ts'
import { type CountedSignature, type Meter, paymentRequired, type UnitContext } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { accountOf, tierOf } from './account.ts'
import { balanceOf, spendCredits } from './credits.ts'
import { usdText } from './money.ts'
import { roomKind, signatureCountKind } from './records.ts'

/** Number of signatures of all agents of the organisation in a month. */
export function signaturesIn(reads: Reads, month: string): number {
  return reads.list(signatureCountKind, 'month', month).reduce((sum, { signatures }) => sum + signatures, 0)
}

/** Counts per agent, so that agents do not wait for each other. Where the tier has a limit, the organisation counts too. */
export const countSignature: Meter['countSignature'] = (context, signature) => {
  const { unit, now } = context
  const { agentId } = signature
  const month = monthOf(now)
  const id = `${agentId}.${month}`
  const place = placeFor(context, signature)
  if (place) {
    if (place.fee > 0 && !spendCredits(context, unit.org ?? '', place.fee)) throw place.refusal()
    const { room, used } = place
    unit.put(roomKind, { id: `signatures.${month}`, count: used + 1, changes: (room?.changes ?? 0) + 1 })
  }
  const signatures = (unit.get(signatureCountKind, id)?.signatures ?? 0) + 1
  unit.put(signatureCountKind, { id, agentId, month, signatures })
}

export const requireSignature: Meter['requireSignature'] = (context, signature) => {
  const { unit, now } = context
  const place = placeFor(context, signature)
  if (place && place.fee > balanceOf(accountOf(unit, unit.org ?? ''), now)) throw place.refusal()
}

/** What one more signature costs, in millionths of a dollar. Null: the tier has no limit. Throws if it is not for sale. */
function placeFor(context: UnitContext, signature: CountedSignature) {
  const { unit, now, settings } = context
  if (settings.tiers === null) return null
  const { name, tier } = tierOf(context, accountOf(unit, unit.org ?? ''))
  const max = tier.limits?.signatures
  if (max === undefined) return null
  const month = monthOf(now)
  const room = unit.get(roomKind, `signatures.${month}`)
  const used = room?.count ?? signaturesIn(unit, month)
  const fee = used < max ? 0n : feeOf(tier.signature_percent, signature)
  const full = `The organisation has used the ${max} signatures per month of the tier ${name}.`
  const refusal = () =>
    paymentRequired({
      ...{ x402Version: 1, accepts: [], description: full },
      ...(fee !== null && { required_usd: usdText(Number(fee)) }),
      message: `${full} Add credits (POST /v1/billing/credits/topup), or move to a larger tier (POST /v1/billing/subscribe).`,
    })
  if (fee === null || fee > maxFee) throw refusal()
  return { room, used, fee: Number(fee), refusal }
}

/** More than the credits of any organisation. Larger amounts are not exact as numbers. */
const maxFee = BigInt(Number.MAX_SAFE_INTEGER)
const percentScale = 1_000_000n

/** A part of the value, in millionths of a dollar and rounded up. Null: the tier sells none, or the value has no price. */
function feeOf(percent: string | undefined, { usdMicros }: CountedSignature): bigint | null {
  const value = percent === undefined ? null : usdMicros()
  if (percent === undefined || value === null) return null
  const scaled = BigInt(Math.round(Number(percent) * Number(percentScale)))
  const whole = 100n * percentScale
  return (value * scaled + whole - 1n) / whole
}
