import { showAmount } from '../../../families/index.ts'
import { floorUnits } from '../amounts.ts'
import { sumSince } from '../ledger.ts'
import { allowed, effectsIn, type Facts, type Judgement, type Rule, refused } from '../rule.ts'
import { usdDecimals, usdOf } from '../usd.ts'

/** The value of one transaction in US dollars. */
export const maxValueUsd: Rule = {
  name: 'tx_max_value_usd',
  judge: (facts) => judged(facts, facts.settings.tx_max_value_usd, 0n, 'in one transaction'),
}

/** The value of the last 24 hours in US dollars, at the prices of each signature. */
export const dailyLimitUsd: Rule = {
  name: 'tx_daily_limit_usd',
  judge: (facts) =>
    judged(facts, facts.settings.tx_daily_limit_usd, sumSince(facts.ledger.usd, facts.now), 'in 24 hours'),
}

function judged(facts: Facts, limitText: string | undefined, current: bigint, period: string): Judgement | null {
  const effects = effectsIn(facts)
  if (limitText === undefined || !effects) return null
  const worth = usdOf(effects, facts)
  if ('missing' in worth) {
    return refused('no_price', `No price is configured for ${worth.missing}, so the limit in US dollars cannot hold.`, {
      limit: limitText,
    })
  }
  const text = (units: bigint) => showAmount(units, usdDecimals)
  const numbers = { limit: limitText, current: text(current), attempted: text(worth.usd) }
  const isWithin = worth.usd === 0n || current + worth.usd <= floorUnits(limitText, usdDecimals)
  return isWithin
    ? allowed('The value is within the limit in US dollars.', numbers)
    : refused('limit_exceeded', `The agent may move at most ${limitText} US dollars ${period}.`, numbers)
}
