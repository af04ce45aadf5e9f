import type { Effects } from '../../families/index.ts'
import { floorUnits, sumOf } from './amounts.ts'
import { type Facts, foldedAddress } from './rule.ts'

/** Millionths of a dollar. */
export const usdDecimals = 6
const priceDecimals = 18

export type Worth = { readonly usd: bigint } | { readonly missing: string }

/**
 * What a transaction is worth at the configured prices. A right to tokens counts like their transfer. Without a price for
 * everything that has a value, there is no sum.
 */
export function usdOf(effects: Effects, facts: Pick<Facts, 'chain' | 'tokens' | 'usdPrices'>): Worth {
  const { chain, tokens, usdPrices } = facts
  const native = priced(effects.native, chain.decimals, usdPrices[chain.currency])
  if (native === null) return { missing: chain.currency }
  const parts: bigint[] = [native]
  for (const { token, amount } of [...effects.transfers, ...effects.approvals]) {
    if (token === null) continue
    const known = tokens.get(foldedAddress(token).toLowerCase())
    const part = known && amount !== null ? priced(amount, known.decimals, usdPrices[known.symbol]) : null
    if (part === null) return { missing: amount === null ? `an unlimited amount of ${token}` : token }
    parts.push(part)
  }
  return { usd: sumOf(parts) }
}

/** Rounded up, so that many small amounts are not free. */
function priced(units: bigint, decimals: number, price: string | undefined): bigint | null {
  if (units === 0n) return 0n
  if (price === undefined) return null
  const scale = 10n ** BigInt(decimals + priceDecimals - usdDecimals)
  return (units * floorUnits(price, priceDecimals) + scale - 1n) / scale
}
