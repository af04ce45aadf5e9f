import { showAmount } from '../../../families/index.ts'
import { floorUnits } from '../amounts.ts'
import { overheadToday } from '../ledger.ts'
import { allowed, effectsIn, type Rule, refused } from '../rule.ts'

/** What fees, rent and energy may cost on one UTC day. A draft whose fees are not known yet is judged when they are. */
export const overheadBudget: Rule = {
  name: 'tx_overhead_budget',
  judge: (facts) => {
    const { layers, ledger, now, chain } = facts
    const attempted = effectsIn(facts)?.overhead ?? null
    if (attempted === null) return null
    const budgets = layers.flatMap(({ overheadBudget, within }) =>
      overheadBudget == null
        ? []
        : [{ limit: floorUnits(overheadBudget, chain.decimals), current: overheadToday(ledger, now, within) }],
    )
    const [tightest] = budgets.sort((one, other) => (one.limit - one.current < other.limit - other.current ? -1 : 1))
    if (!tightest) return null
    const text = (units: bigint) => showAmount(units, chain.decimals)
    const numbers = { limit: text(tightest.limit), current: text(tightest.current), attempted: text(attempted) }
    return attempted === 0n || tightest.current + attempted <= tightest.limit
      ? allowed('Fees are within the budget of the day.', numbers)
      : refused('limit_exceeded', `Fees of one day may cost at most ${numbers.limit} ${chain.currency}.`, numbers)
  },
}
