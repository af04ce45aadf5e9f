import { limits } from '../kernel/limits.ts'
import type { MaybePromise } from './reader.ts'

/** A unit that can run again after the engine has loaded a missing record. */
interface Suspendable {
  /** The pending load of the last run. Null: the run found everything in memory. */
  readonly missing: Promise<void> | null
  /** Begins another run, with nothing staged. */
  begin(): void
}

/** Calls `run` until it finds everything in memory. Returns the result of the last call. `run` must not throw. */
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

/** The work of a unit throws it when a record that it read has changed. The work then reads and decides again. */
export class StaleUnit extends Error {
  override readonly name = 'StaleUnit'
}

/** The work of a unit is a plain function: after an `await` it would read at another time. */
export function notAsync<R>(result: R): R {
  if (result instanceof Promise) throw new TypeError('A unit of work must be a function without `await`.')
  return result
}
