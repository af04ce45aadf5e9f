import type { UnitContext } from '../../operations/index.ts'

/** Ways to pay for one call at once, as the body of a 402 lists them. None: only credits or a larger tier help. */
export function waysToPay(_: UnitContext, _micros: number): readonly Readonly<Record<string, unknown>>[] {
  return []
}
