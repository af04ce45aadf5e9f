import { monthOf } from '../../kernel/time.ts'
import { type CountedSignature, type Meter, paymentRequired, type UnitContext } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { accountOf, tierOf } from './account.ts'
import { spendCredits } from './credits.ts'
import { usdText } from './money.ts'
import { roomKind, signatureCountKind } from './records.ts'

/** Number of signatures of all agents of the organisation in a month. */
export function signaturesIn(reads: Reads, month: string): number {
  return reads.list(signatureCountKind, 'month', month).reduce((sum, { signatures }) => sum + signatures, 0)
}

/** Counts per agent, so that agents do not wait for each other. Where the tier has a limit, the organisation counts too. */
export const countSignature: Meter['countSignature'] = (context, signature) => {
  const { unit, now, settings } = context
  const { agentId } = signature
  const month = monthOf(now)
  const id = `${agentId}.${month}`
  if (settings.tiers !== null) takeSignature(context, month, signature)
  const signatures = (unit.get(signatureCountKind, id)?.signatures ?? 0) + 1
  unit.put(signatureCountKind, { id, agentId, month, signatures })
}

function takeSignature(context: UnitContext, month: string, signature: CountedSignature): void {
  const { unit } = context
  const org = unit.org ?? ''
  const { name, tier } = tierOf(context, accountOf(unit, org))
  const max = tier.limits?.signatures
  if (max === undefined) return
  const room = unit.get(roomKind, `signatures.${month}`)
  const used = room?.count ?? signaturesIn(unit, month)
  const fee = used < max ? 0n : feeOf(tier.signature_percent, signature)
  const isPaid = fee !== null && (fee === 0n || (fee <= maxFee && spendCredits(context, org, Number(fee))))
  if (!isPaid) {
    const full = `The organisation has used the ${max} signatures per month of the tier ${name}.`
    throw paymentRequired({
      ...{ x402Version: 1, accepts: [], description: full },
      ...(fee !== null && { required_usd: usdText(Number(fee)) }),
      message: `${full} Add credits (POST /v1/billing/credits/topup), or move to a larger tier (POST /v1/billing/subscribe).`,
    })
  }
  unit.put(roomKind, { id: `signatures.${month}`, count: used + 1, changes: (room?.changes ?? 0) + 1 })
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
