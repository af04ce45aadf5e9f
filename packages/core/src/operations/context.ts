import { uuid } from '../kernel/ids.ts'
import type { Unit } from '../records/index.ts'
import type { Caller } from './caller.ts'
import type { Context, Engine, Services, UnitContext } from './engine.ts'

/**
 * The context of a unit outside of an operation: in jobs, in scheduled tasks and at the start.
 *
 * @example
 * await engine.records.transactIn(org, (unit) => rotateKeys(unitContext(engine, unit), keys))
 */
export function unitContext(engine: Engine, unit: Unit): UnitContext {
  const { now, reading } = engine.records
  return new OfUnit(engine, unit, now(), reading)
}

/** The same for a handler, with the request it answers. */
export function contextOf(
  engine: Engine,
  unit: Unit,
  request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>,
): Context {
  return new OfCall(engine, unit, request, engine.records.reading)
}

/** The same unit for another caller, who has sent nothing. */
export function contextAs(context: UnitContext, caller: Caller): Context {
  const { unit, now, reading } = context
  return new OfCall(context, unit, { caller, now, origin: {}, waitForJob: () => {} }, reading)
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

  constructor(services: Services, unit: Unit, now: number, reading: UnitContext['reading']) {
    const { random } = unit
    this.crypto = services.crypto
    this.hsm = services.hsm
    this.keyStores = services.keyStores
    this.random = random
    this.newId = () => uuid(random)
    this.settings = services.settings
    this.log = services.log
    this.jobs = services.jobs
    this.policyEngine = services.policyEngine
    this.egressPermits = services.egressPermits
    this.areas = services.areas
    this.handle = services.handle
    this.unit = unit
    this.now = now
    this.reading = reading
  }
}

class OfCall extends OfUnit implements Context {
  readonly caller: Context['caller']
  readonly origin: Context['origin']
  readonly waitForJob: Context['waitForJob']

  constructor(
    services: Services,
    unit: Unit,
    request: Pick<Context, 'caller' | 'now' | 'origin' | 'waitForJob'>,
    reading: UnitContext['reading'],
  ) {
    super(services, unit, request.now, reading)
    this.caller = request.caller
    this.origin = request.origin
    this.waitForJob = request.waitForJob
  }
}
