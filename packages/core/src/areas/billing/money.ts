import { microsPerUsd } from '../../kernel/usd.ts'

export const microsPerCent = 10_000

/** Shows an amount in dollars, with two digits after the point or as many as it takes: `0.50`, `0.0006`. */
export function usdText(micros: number): string {
  const digits = (Math.abs(micros) / microsPerUsd).toFixed(6).replace(/0{1,4}$/, '')
  return `${micros < 0 ? '-' : ''}${digits}`
}

/** Whole cents. What is less than a cent does not show. */
export function centsOf(micros: number): number {
  return Math.trunc(micros / microsPerCent)
}
