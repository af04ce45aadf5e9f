import { type Context, type Engine, type Origin, unitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import type { Entered } from './enter.ts'
import { type EnteredBody, enteredBody } from './schemas.ts'

/**
 * Signs a person in after the call to the provider, in a separate unit. The unit of a refusal is committed too, for its event.
 */
export async function enterAfter(
  engine: Engine,
  origin: Origin,
  decide: (context: Context) => Entered,
  chains: readonly string[] = [],
): Promise<EnteredBody> {
  const outcome = await engine.records.transact((unit) => {
    const context = contextIn(engine, unit, origin)
    const entered = decide(context)
    return 'refused' in entered ? entered : { body: enteredBody(context, entered, chains) }
  })
  if ('refused' in outcome) throw outcome.refused
  return outcome.body
}

function contextIn(engine: Engine, unit: Unit, origin: Origin): Context {
  const caller = { kind: 'anonymous' } as const
  return { ...unitContext(engine, unit), caller, origin, waitForJob: () => {} }
}
