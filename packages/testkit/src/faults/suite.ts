import type { Registry } from '@pawl/core'
import { check, type Runner } from '../conformance/asserts.ts'
import { crashEverywhere, type FaultOptions } from './crash-everywhere.ts'
import { type Examples, type Scenario, scenariosOf } from './scenario.ts'

export interface FaultSuite extends FaultOptions {
  readonly registry: Registry
  readonly examples: Examples
  /** More calls than the examples, or others. */
  readonly scenarios?: readonly Scenario[]
}

/**
 * Lets everything go wrong once at every call that any operation makes to its ports.
 *
 * @example
 * testFaults({ registry, examples, open: () => ({ storage: myStore() }) }, { describe, it })
 */
export function testFaults({ registry, examples, scenarios = [], ...options }: FaultSuite, { describe, it }: Runner) {
  describe('a fault at any call', () => {
    for (const scenario of [...scenariosOf(registry, examples), ...scenarios]) {
      it(`of ${scenario.name} leaves all of it or nothing`, async () => {
        check((await crashEverywhere(scenario, options)) > 0, 'it makes no call at which anything could go wrong')
      })
    }
  })
}
