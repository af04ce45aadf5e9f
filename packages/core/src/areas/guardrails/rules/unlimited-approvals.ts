import { effectsIn, type Rule, refused } from '../rule.ts'

/** A right to move tokens without a limit moves them at any later time, past every limit. */
export const unlimitedApprovals: Rule = {
  name: 'tx_unlimited_approvals_enabled',
  judge: (facts) => {
    if (!facts.looksInside || facts.settings.tx_unlimited_approvals_enabled) return null
    const unlimited = effectsIn(facts)?.approvals.find(({ amount }) => amount === null)
    return unlimited
      ? refused(
          'unlimited',
          `The agent has limits, and may not give ${unlimited.spender} an unlimited right to tokens.`,
          {
            attempted: unlimited.spender,
          },
        )
      : null
  },
}
