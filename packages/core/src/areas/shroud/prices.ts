import type { ModelPrice, ModelPrices } from '../../operations/index.ts'

// Money is counted in millionths of a dollar. A price of USD for a million tokens is such a number for each token.

/** The price of a model: of its own name, else of the longest `prefix*` that fits. */
export function priceOf(prices: ModelPrices, model: string): ModelPrice | null {
  const own = Object.hasOwn(prices, model) ? prices[model] : undefined
  if (own) return own
  const fits = (name: string) => name.endsWith('*') && model.startsWith(name.slice(0, -1))
  const [longest] = Object.keys(prices)
    .filter(fits)
    .sort((a, b) => b.length - a.length)
  return longest === undefined ? null : (prices[longest] ?? null)
}

/** What a call costs, rounded up. */
export function costOf({ input, output }: ModelPrice, inputTokens: number, outputTokens: number): number {
  return Math.ceil(inputTokens * input + outputTokens * output)
}
