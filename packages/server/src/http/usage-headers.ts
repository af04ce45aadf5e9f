import type { UsageShown } from '@pawl/core/surfaces'

const warnFromPercent = 80

/** The headers of a metered answer: what the organisation has used of its tier (§2.5). */
export function usageHeaders({ used, limit, creditCents, creditsExpireSoon, overageMethod }: UsageShown): string[] {
  const percent = limit === 0 ? 100 : Math.floor((100 * used) / limit)
  return [
    ...['x-ratelimit-requests-used', String(used)],
    ...['x-ratelimit-requests-limit', String(limit)],
    ...['x-ratelimit-requests-percent', String(percent)],
    ...(percent >= warnFromPercent
      ? ['x-quota-warning', `${used} of ${limit} requests of this month are used (${percent} %).`]
      : []),
    ...['x-credit-balance-cents', String(creditCents)],
    ...(creditsExpireSoon ? ['x-credit-expiring-soon', 'true'] : []),
    ...['x-overage-method', overageMethod],
  ]
}
