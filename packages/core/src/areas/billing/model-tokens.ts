import { rfc3339 } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { costOf, priceOf, tokensBetween } from '../shroud/index.ts'
import { centsOf } from './money.ts'

/** What models cost this month, from the tokens that Shroud has counted and the prices that the operator has set. */
export function tokenUsage({ unit, now, settings }: Context) {
  const [begin, end] = monthAround(now)
  const lines = [...tokensBetween(unit, begin, end)].map(([model, { inputTokens, outputTokens }]) => {
    const price = priceOf(settings.modelPrices, model)
    return { model, tokens: inputTokens + outputTokens, micros: price && costOf(price, inputTokens, outputTokens) }
  })
  return {
    unpriced: lines.filter(({ micros }) => micros === null).map(({ model }) => model),
    usage: {
      period_start: rfc3339(begin),
      period_end: rfc3339(end),
      accrued_usage_cents: centsOf(lines.reduce((sum, { micros }) => sum + (micros ?? 0), 0)),
      currency: 'usd',
      metered_lines: lines.map(({ model, tokens, micros }) => ({
        description: model,
        amount_cents: centsOf(micros ?? 0),
        quantity: tokens,
        price_nickname: null,
      })),
    },
  }
}

/** The beginning of this month and of the next, in UTC. */
function monthAround(now: number): readonly [number, number] {
  const date = new Date(now)
  const monthBegin = (ahead: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1)
  return [monthBegin(0), monthBegin(1)]
}
