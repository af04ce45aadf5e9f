// Money is a whole number of millionths of a dollar.

export const microsPerUsd = 1_000_000

/**
 * Reads an amount in dollars.
 *
 * @example
 * microsOf('0.001') // 1000
 */
export function microsOf(usd: number | string): number {
  return Math.round(Number(usd) * microsPerUsd)
}
