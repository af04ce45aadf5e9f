import { showAmount } from '../../../families/index.ts'
import { floorUnits, least } from '../amounts.ts'
import { allowed, effectsIn, type Rule, refused } from '../rule.ts'

/** The native currency of one transaction, without fees. */
export const maxValue: Rule = {
  name: 'tx_max_value',
  judge: (facts) => {
    const { decimals, currency } = facts.chain
    const effects = effectsIn(facts)
    const limit = least(
      facts.layers.flatMap(({ maxValue }) => (maxValue == null ? [] : [floorUnits(maxValue, decimals)])),
    )
    if (limit === null || !effects) return null
    const numbers = { limit: showAmount(limit, decimals), attempted: showAmount(effects.native, decimals) }
    return effects.native <= limit
      ? allowed('The amount is within the limit of one transaction.', numbers)
      : refused('limit_exceeded', `One transaction may move at most ${numbers.limit} ${currency}.`, numbers)
  },
}
