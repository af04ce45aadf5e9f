import { showAmount } from '../../../families/index.ts'
import { floorUnits } from '../amounts.ts'
import { allowed, effectsIn, type Rule, refused } from '../rule.ts'

/** More than this, and a human decides about exactly these bytes. */
export const approvalAbove: Rule = {
  name: 'tx_approval_above',
  judge: (facts) => {
    const { settings, chain, isApproved } = facts
    const effects = effectsIn(facts)
    if (settings.tx_approval_above === undefined || !effects) return null
    const limit = floorUnits(settings.tx_approval_above, chain.decimals)
    const numbers = { limit: settings.tx_approval_above, attempted: showAmount(effects.native, chain.decimals) }
    if (effects.native <= limit) return allowed('The amount needs no approval.', numbers)
    if (isApproved) return allowed('A human has approved the transaction.', numbers)
    return refused('approval_required', `A human approves more than ${numbers.limit} ${chain.currency}.`, numbers)
  },
}
