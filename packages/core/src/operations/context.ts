import { uuid } from '../kernel/ids.ts'
import type { Unit } from '../records/index.ts'
import type { Context, Engine, UnitContext } from './engine.ts'

/**
 * What the code of a unit works with when no operation runs: in jobs, scheduled tasks and at the start.
 *
 * @example
 * await engine.records.transactIn(org, (unit) => rotateKeys(unitContext(engine, unit), keys))
 */
export function unitContext(engine: Engine, unit: Unit): UnitContext {
  const { crypto, hsm, settings, log, jobs, policyEngine, areas, handle, records } = engine
  const { reading } = records
  const { random } = unit
  return {
    crypto,
    hsm,
    random,
    newId: () => uuid(random),
    settings,
    log,
    jobs,
    policyEngine,
    areas,
    handle,
    unit,
    now: records.now(),
    reading,
  }
}

/** The same for a handler, with the request it answers. */
export function contextOf(
  engine: Engine,
  unit: Unit,
  request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>,
): Context {
  const { caller, now, origin, waitForJob } = request
  const { crypto, hsm, settings, log, jobs, policyEngine, areas, handle, records } = engine
  const { random } = unit
  const newId = () => uuid(random)
  const { reading } = records
  // Written out: it is made for every call, and a spread costs ten times as much.
  return {
    crypto,
    hsm,
    random,
    newId,
    settings,
    log,
    jobs,
    policyEngine,
    areas,
    handle,
    unit,
    now,
    reading,
    caller,
    origin,
    waitForJob,
  }
}
