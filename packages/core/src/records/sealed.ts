import type { Clock } from '../ports/clock.ts'
import { HsmError } from '../ports/hsm.ts'
import type { Records } from './records.ts'
import type { Unit } from './unit.ts'

/** What stands in the place of the records while nobody can open them: whatever is asked, they are sealed. */
export function sealedRecords(clock: Clock): Records {
  const refuse = (): never => {
    throw new HsmError('sealed', 'The vault is sealed.')
  }
  const refuseLater = async () => refuse()
  const unit: Unit = {
    org: null,
    enter: refuse,
    get: refuseLater,
    require: refuseLater,
    find: refuseLater,
    list: refuseLater,
    page: refuseLater,
    put: refuse,
    makes: refuse,
    delete: refuse,
    check: refuse,
    audit: refuse,
  }
  return {
    transact: (work) => work(unit),
    transactIn: refuseLater,
    reading: () => unit,
    now: () => clock.now(),
    idle: async () => {},
  }
}
