import { type Context, type Engine, type Origin, unitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import type { Entered } from './enter.ts'
import { type EnteredBody, enteredBody } from './schemas.ts'

/**
 * Signs in after the provider was asked, in a unit of its own. A refusal is committed too, because the trail tells of it.
 */
export async function enterAfter(
  engine: Engine,
  origin: Origin,
  decide: (context: Context) => Entered,
): Promise<EnteredBody> {
  const outcome = await engine.records.transact((unit) => {
    const context = contextIn(engine, unit, origin)
    const entered = decide(context)
    return 'refused' in entered ? entered : { body: enteredBody(context, entered.user, entered.isNew) }
  })
  if ('refused' in outcome) throw outcome.refused
  return outcome.body
}

function contextIn(engine: Engine, unit: Unit, origin: Origin): Context {
  const caller = { kind: 'anonymous' } as const
  return { ...unitContext(engine, unit), caller, origin, waitForJob: () => {} }
}
