import { limits } from '../kernel/limits.ts'

/** What can be run again once something was loaded. */
interface Suspendable {
  /** What the last run did not find in memory; null when it found everything. */
  readonly missing: Promise<void> | null
  /** Begins another run, with nothing staged. */
  begin(): void
}

/** Calls `run` until it finds everything it asks for, and answers what the last call answers. */
export async function runUnit<R>(unit: Suspendable, run: () => R): Promise<R> {
  for (let runs = 0; runs < limits.runsOfUnitMax; runs++) {
    const result = run()
    const { missing } = unit
    if (missing === null) return result
    await missing
    unit.begin()
  }
  throw new Error('A unit of work does not come to an end.')
}

/** The work of a unit is a plain function: after an `await` it would read at another time. */
export function notAsync<R>(result: R): R {
  if (result instanceof Promise) throw new TypeError('A unit of work must be a function without `await`.')
  return result
}
