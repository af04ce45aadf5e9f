import type { MaybePromise } from './reader.ts'

// A unit of work is a plain function. If a record is not in memory, the run ends there. The engine loads the record, and calls
// the function again. Each run gets the answers of the earlier runs, in the order of the reads. So it reaches the same place and
// continues.

/** Ends a run that cannot continue. The unit knows that an answer is missing, so a `catch` in the work changes nothing. */
const suspension = new Error('The unit of work waits for something. Let this error pass.')

class Failure {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

interface Asked {
  readonly subject: unknown
  readonly answer: unknown
  /** False: the answer was in memory. */
  readonly wasLoaded: boolean
}

/** The reads of the runs of one unit, with their answers. */
export class Replay {
  readonly #asked: Asked[] = []
  #at = 0
  #isAsking = false
  #missing: Promise<void> | null = null
  /** Whether the last answer is fresh from the store, and not from memory. */
  wasLoaded = false

  /** The pending load of the last run. Null: the run found everything in memory. */
  get missing(): Promise<void> | null {
    return this.#missing
  }

  /** True while the work of `waitFor` runs. Its reads belong to its own answer. */
  get isOutside(): boolean {
    return this.#isAsking || this.#missing !== null
  }

  /** Begins another run. */
  begin(): void {
    this.#at = 0
    this.#missing = null
  }

  /** The answer of an earlier run, or of `ask`, which runs outside of the unit. */
  answer<A>(subject: unknown, ask: () => MaybePromise<A>): A {
    if (this.#has(subject)) return this.#again()
    this.#isAsking = true
    let found: MaybePromise<A>
    try {
      found = ask()
    } finally {
      this.#isAsking = false
    }
    return this.#keep(subject, found)
  }

  /** Whether an earlier run asked this. Throws `suspension` when the run cannot go on. */
  #has(subject: unknown): boolean {
    if (this.isOutside) throw suspension
    const asked = this.#asked[this.#at]
    if (asked === undefined) return false
    if (asked.subject !== subject) throw new Error('A unit of work did something else when it was run again.')
    return true
  }

  /** The answer of an earlier run. */
  #again<A>(): A {
    const { answer, wasLoaded } = this.#asked[this.#at++] as Asked
    this.wasLoaded = wasLoaded
    if (answer instanceof Failure) throw answer.error
    return answer as A
  }

  /** Keeps an answer for later runs. Throws `suspension` when it must be waited for. */
  #keep<A>(subject: unknown, found: MaybePromise<A>): A {
    if (found instanceof Promise) {
      const push = (answer: unknown) => void this.#asked.push({ subject, answer, wasLoaded: true })
      this.#missing = found.then(push, (error) => push(new Failure(error)))
      throw suspension
    }
    this.#asked.push({ subject, answer: found, wasLoaded: false })
    this.#at++
    this.wasLoaded = false
    return found
  }
}
