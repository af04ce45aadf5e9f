import type { About } from './operation.ts'

/**
 * An answer that takes a call to the outside, which is made once what was decided is stored, and never twice: it must
 * bear no repetition. The handler stages that there will be a call, `finish` makes it and stores in a unit of its own
 * what came of it. Whoever finds the first without the second knows that the outcome is unknown.
 *
 * @example
 * unit.put(callKind, { ...call, status: 'started' })
 * return new AfterCommit({ host }, async () => settled(engine, call, await engine.egress.fetch(request)))
 */
export class AfterCommit<O> {
  /** What the event of the operation, stored before the call, says of it beside what is known from the input. */
  readonly about: About
  readonly finish: () => Promise<O>

  constructor(about: About, finish: () => Promise<O>) {
    this.about = about
    this.finish = finish
  }
}
