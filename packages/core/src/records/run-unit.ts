import { limits } from '../kernel/limits.ts'
import type { MaybePromise } from './reader.ts'

/** What can be run again once something was loaded. */
interface Suspendable {
  /** What the last run did not find in memory; null when it found everything. */
  readonly missing: Promise<void> | null
  /** Begins another run, with nothing staged. */
  begin(): void
}

/** Calls `run` until it finds everything it asks for, and answers what the last call answers. It must not throw. */
export function runUnit<R>(unit: Suspendable, run: () => R): MaybePromise<R> {
  const first = run()
  return unit.missing === null ? first : runAgain(unit, run)
}

async function runAgain<R>(unit: Suspendable, run: () => R): Promise<R> {
  for (let runs = 0; runs < limits.runsOfUnitMax; runs++) {
    await unit.missing
    unit.begin()
    const result = run()
    if (unit.missing === null) return result
  }
  throw new Error('A unit of work does not come to an end.')
}

/** Thrown by the work of a unit that notices that what it read has changed. The work reads and decides again. */
export class StaleUnit extends Error {
  override readonly name = 'StaleUnit'
}

/** The work of a unit is a plain function: after an `await` it would read at another time. */
export function notAsync<R>(result: R): R {
  if (result instanceof Promise) throw new TypeError('A unit of work must be a function without `await`.')
  return result
}
