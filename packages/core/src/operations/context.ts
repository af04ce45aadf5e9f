import type { Unit } from '../records/index.ts'
import type { Context, Engine, UnitContext } from './engine.ts'

/**
 * What the code of a unit works with when no operation runs: in jobs, scheduled tasks and at the start.
 *
 * @example
 * await engine.records.transactIn(org, (unit) => rotateKeys(unitContext(engine, unit), keys))
 */
export function unitContext(engine: Engine, unit: Unit): UnitContext {
  const { crypto, hsm, random, newId, settings, log, jobs, policyEngine, areas, handle, records } = engine
  const services = { crypto, hsm, random, newId, settings, log, jobs, policyEngine, areas, handle }
  return { ...services, unit, now: records.now(), reading: records.reading }
}

/** The same for a handler, with the request it answers. */
export function contextOf(
  engine: Engine,
  unit: Unit,
  request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>,
): Context {
  return { ...unitContext(engine, unit), ...request }
}
