import { uuid } from '../kernel/ids.ts'
import type { Unit } from '../records/index.ts'
import type { Context, Engine, UnitContext } from './engine.ts'

/**
 * The context of a unit outside of an operation: in jobs, in scheduled tasks and at the start.
 *
 * @example
 * await engine.records.transactIn(org, (unit) => rotateKeys(unitContext(engine, unit), keys))
 */
export function unitContext(engine: Engine, unit: Unit): UnitContext {
  return contextAt(engine, unit, engine.records.now())
}

/** The same for a handler, with the request it answers. */
export function contextOf(
  engine: Engine,
  unit: Unit,
  request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>,
): Context {
  return Object.assign(contextAt(engine, unit, request.now), request)
}

function contextAt(engine: Engine, unit: Unit, now: number): UnitContext {
  const { crypto, hsm, keyStores, settings, log, jobs, policyEngine, egressPermits, areas, handle, records } = engine
  const { random } = unit
  const newId = () => uuid(random)
  const { reading } = records
  return {
    ...{ crypto, hsm, keyStores, random, newId, settings, log, jobs, policyEngine, egressPermits },
    ...{ areas, handle, unit, now, reading },
  }
}
