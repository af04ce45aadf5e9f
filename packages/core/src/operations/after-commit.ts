import type { About, Engine } from './engine.ts'

/**
 * An answer that takes a call to the outside, made at most once: after the decision is stored, and never again. The
 * handler stages that there will be a call; `finish` makes it and stores the outcome in a unit of its own. A staged call
 * without an outcome was cut off, and its outcome is unknown.
 *
 * @example
 * unit.put(callKind, { ...call, status: 'started' })
 * return new AfterCommit({ host }, async (engine) => settled(engine, call, await engine.egress.fetch(request)))
 */
export class AfterCommit<O> {
  /** What the event of the operation, stored before the call, says beside what is known from the input. */
  readonly about: About
  readonly finish: (engine: Engine) => Promise<O>

  constructor(about: About, finish: (engine: Engine) => Promise<O>) {
    this.about = about
    this.finish = finish
  }
}
