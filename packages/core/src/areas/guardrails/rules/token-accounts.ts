import { tokenAccountsToday } from '../ledger.ts'
import { allowed, effectsIn, type Rule, refused } from '../rule.ts'

/** How many Solana token accounts the agent pays for on one UTC day. */
export const tokenAccountsPerDay: Rule = {
  name: 'max_ata_creates_per_day',
  judge: (facts) => {
    const attempted = effectsIn(facts)?.newTokenAccounts.length ?? 0
    const limits = facts.layers.flatMap(({ tokenAccountsPerDay }) => tokenAccountsPerDay ?? [])
    if (limits.length === 0 || attempted === 0) return null
    const numbers = { limit: Math.min(...limits), current: tokenAccountsToday(facts.ledger, facts.now), attempted }
    return numbers.current + attempted <= numbers.limit
      ? allowed('The token accounts are within the number of the day.', numbers)
      : refused(
          'limit_exceeded',
          `The agent may create at most ${numbers.limit} token accounts on one UTC day.`,
          numbers,
        )
  },
}

/** Whose Solana token accounts the agent may pay for. */
export const tokenAccountOwners: Rule = {
  name: 'solana_ata_allowlist',
  judge: (facts) => {
    const list = facts.settings.solana_ata_allowlist ?? []
    const stranger = effectsIn(facts)?.newTokenAccounts.find((one) => list.length > 0 && !list.includes(one))
    return stranger === undefined
      ? null
      : refused('not_listed', `The agent may not create a token account for ${stranger}.`, { attempted: stranger })
  },
}
