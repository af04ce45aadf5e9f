import { countToday } from '../ledger.ts'
import { allowed, type Rule, refused } from '../rule.ts'

/** How many transactions are signed on one UTC day. */
export const maxPerDay: Rule = {
  name: 'tx_max_per_day',
  judge: (facts) => {
    const { layers, ledger, now, signs } = facts
    if (signs.type !== 'transaction') return null
    const budgets = layers.flatMap(({ maxPerDay, within }) =>
      maxPerDay == null ? [] : [{ limit: maxPerDay, current: countToday(ledger, now, within), attempted: 1 }],
    )
    const [tightest] = budgets.sort((one, other) => one.limit - one.current - (other.limit - other.current))
    if (!tightest) return null
    return tightest.current < tightest.limit
      ? allowed('The transaction is within the number of the day.', tightest)
      : refused('limit_exceeded', `The agent may sign at most ${tightest.limit} transactions on one UTC day.`, tightest)
  },
}
