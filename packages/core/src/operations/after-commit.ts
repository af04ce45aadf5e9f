import type { About, Engine } from './engine.ts'

/**
 * An answer that needs an outgoing call. The engine makes the call at most once, after it has stored the decision. The handler
 * stages a record of the call. `finish` makes the call, and stores the outcome in another unit. A staged call without an outcome
 * was interrupted, and its outcome is unknown.
 *
 * @example
 * unit.put(callKind, { ...call, status: 'started' })
 * return new AfterCommit({ host }, async (engine) => settled(engine, call, await engine.egress.fetch(request)))
 */
export class AfterCommit<O> {
  /** Details for the event of the operation, beyond those of the input. The engine stores this event before the call. */
  readonly about: About
  readonly finish: (engine: Engine) => Promise<O>

  constructor(about: About, finish: (engine: Engine) => Promise<O>) {
    this.about = about
    this.finish = finish
  }
}
