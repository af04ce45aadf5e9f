import type { Tier } from './records.ts'

/** What the server carries out itself is never approved by a click alone. */
const tiers: Readonly<Record<string, Tier>> = {
  'transaction.sign': 2,
  policy_change: 2,
  card_order: 2,
}

/** The tier of an action. A requester can raise it, and tiers above 3 are 3. */
export function riskTier(action: string, wanted = 1): Tier {
  return Math.min(3, Math.max(tiers[action] ?? 1, wanted)) as Tier
}
