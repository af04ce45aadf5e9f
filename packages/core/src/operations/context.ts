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
  return new OfUnit(engine, unit, engine.records.now())
}

/** The same for a handler, with the request it answers. */
export function contextOf(
  engine: Engine,
  unit: Unit,
  request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>,
): Context {
  return new OfCall(engine, unit, request)
}

// Every request makes a context. The fields are assigned one by one, because Node 20 makes an object with spread parts slow.

class OfUnit implements UnitContext {
  readonly crypto: UnitContext['crypto']
  readonly hsm: UnitContext['hsm']
  readonly keyStores: UnitContext['keyStores']
  readonly random: UnitContext['random']
  readonly newId: UnitContext['newId']
  readonly settings: UnitContext['settings']
  readonly log: UnitContext['log']
  readonly jobs: UnitContext['jobs']
  readonly policyEngine: UnitContext['policyEngine']
  readonly egressPermits: UnitContext['egressPermits']
  readonly areas: UnitContext['areas']
  readonly handle: UnitContext['handle']
  readonly unit: Unit
  readonly now: number
  readonly reading: UnitContext['reading']

  constructor(engine: Engine, unit: Unit, now: number) {
    const { random } = unit
    this.crypto = engine.crypto
    this.hsm = engine.hsm
    this.keyStores = engine.keyStores
    this.random = random
    this.newId = () => uuid(random)
    this.settings = engine.settings
    this.log = engine.log
    this.jobs = engine.jobs
    this.policyEngine = engine.policyEngine
    this.egressPermits = engine.egressPermits
    this.areas = engine.areas
    this.handle = engine.handle
    this.unit = unit
    this.now = now
    this.reading = engine.records.reading
  }
}

class OfCall extends OfUnit implements Context {
  readonly caller: Context['caller']
  readonly origin: Context['origin']
  readonly waitForJob: Context['waitForJob']

  constructor(engine: Engine, unit: Unit, request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>) {
    super(engine, unit, request.now)
    this.caller = request.caller
    this.origin = request.origin
    this.waitForJob = request.waitForJob
  }
}
