import { sumSince } from '../ledger.ts'
import { allowed, type Rule, refused } from '../rule.ts'

/** How many transactions are signed in 24 hours. */
export const maxIn24Hours: Rule = {
  name: 'max_transactions_per_day',
  judge: ({ layers, ledger, now, signs }) => {
    const limits = layers.flatMap((layer) => layer.maxIn24Hours ?? [])
    if (limits.length === 0 || signs.type !== 'transaction') return null
    const numbers = { limit: Math.min(...limits), current: Number(sumSince(ledger.window ?? [], now)), attempted: 1 }
    return numbers.current < numbers.limit
      ? allowed('The transaction is within the number of 24 hours.', numbers)
      : refused('limit_exceeded', `At most ${numbers.limit} transactions are signed in 24 hours.`, numbers)
  },
}
