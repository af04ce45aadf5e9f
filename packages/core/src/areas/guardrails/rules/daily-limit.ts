import { showAmount } from '../../../families/index.ts'
import { floorUnits } from '../amounts.ts'
import { movedIn } from '../ledger.ts'
import { allowed, effectsIn, type Facts, type Judgement, type Rule, refused } from '../rule.ts'

/** The native currency of the last 24 hours, of the family or of one network. The limit with the least left counts. */
export const dailyLimit: Rule = {
  name: 'tx_daily_limit',
  judge: (facts) => {
    const effects = effectsIn(facts)
    if (!effects) return null
    const [tightest = null] = budgets(facts).sort((one, other) => (one.left < other.left ? -1 : 1))
    return tightest && judgement(facts, tightest, effects.native)
  },
}

interface Budget {
  readonly limit: bigint
  readonly current: bigint
  readonly left: bigint
}

function budgets({ layers, chain, ledger, now }: Facts): Budget[] {
  return layers.flatMap(({ dailyLimit, within }) => {
    if (dailyLimit == null) return []
    const limit = floorUnits(dailyLimit, chain.decimals)
    const current = movedIn(ledger, now, within)
    return [{ limit, current, left: limit - current }]
  })
}

function judgement({ chain }: Facts, { limit, current, left }: Budget, attempted: bigint): Judgement {
  const { decimals, currency } = chain
  const text = (units: bigint) => showAmount(units, decimals)
  const numbers = { limit: text(limit), current: text(current), attempted: text(attempted) }
  return attempted <= left || attempted === 0n
    ? allowed('The amount is within the limit of 24 hours.', numbers)
    : refused('limit_exceeded', `The agent may move at most ${numbers.limit} ${currency} in 24 hours.`, numbers)
}
