import { appendFileSync } from 'node:fs'

// How much of the tests a run does. `npm test` is quick: it does a little of what takes long, and says what it left out.
// With `PAWL_TEST_REQUIRE=all`, as CI has it, a run does everything, and what it cannot do is a failure.

export const isWhole = process.env.PAWL_TEST_REQUIRE === 'all'

/** Multiplies the counts of random cases. Default: 1. Before a release: 10. In mutation tests: less than 1. */
const more = Number(process.env.PAWL_TEST_TIMES ?? 1)

/** What all random choices of a run follow from. `announce.ts` decides it, once for all workers. */
export const testSeed = Number(process.env.PAWL_TEST_SEED ?? 1)

/**
 * Whether this run includes a slow test. If it does not, the run prints a notice with the reason.
 *
 * @example
 * test.runIf(isLong('the guide to growing'))('the way from a laptop to two machines …', () => …)
 */
export function isLong(what: string): boolean {
  if (!isWhole) note(`${what}: takes long`)
  return isWhole
}

/**
 * How often a run repeats a test. More repeats give a stronger proof.
 *
 * @example
 * const rounds = times('rounds of the crash loop', { quick: 3, whole: 50 })
 */
export function times(what: string, { quick, whole }: { readonly quick: number; readonly whole: number }): number {
  if (!isWhole) note(`${what}: ${quick} of ${whole}`)
  return isWhole ? Math.ceil(whole * more) : Math.ceil(quick * more)
}

/**
 * How many random cases a large property is tried with, and how many of some kind must be among them: a part of them in
 * a quick run.
 *
 * @example
 * fc.assert(property, { numRuns: tries(100_000) })
 */
export function tries(whole: number, oneIn = 20): number {
  if (!isWhole) note('the largest random tests: a part of their cases')
  return isWhole ? Math.ceil(whole * more) : Math.ceil((whole * more) / oneIn)
}

/**
 * What a run tries of a list that is tried in the same way from its first to its last. The seed decides where a quick run
 * begins, so runs with random seeds try all of it in time.
 *
 * @example
 * test.each(some('operations that are killed at every call', 4, operations))('%s', …)
 */
export function some<T>(what: string, oneIn: number, all: readonly T[]): readonly T[] {
  if (!isWhole) note(`${what}: one in ${oneIn}`)
  const from = Math.max(0, testSeed - 1) % Math.min(oneIn, Math.max(1, all.length))
  return isWhole ? all : all.filter((_, at) => at % oneIn === from)
}

/**
 * Which calls of a long list a run strikes, or which of many alike it tries. The seed decides where the list begins, so runs
 * with random seeds strike all of them in time.
 *
 * @example
 * testFaults({ ...suite, ...struck(16) }, { describe, it })
 */
export function struck(oneIn: number): { readonly oneIn: number; readonly offset: number } {
  return { oneIn: Math.max(1, Math.round(oneIn / more)), offset: testSeed }
}

/** For `announce.ts`, which prints each notice once when all workers are done. */
export function note(text: string): void {
  const file = process.env.PAWL_TEST_NOTICES
  if (file) appendFileSync(file, `${text}\n`)
}
