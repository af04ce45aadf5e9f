import type { MaybePromise } from './reader.ts'

// A unit of work is a plain function call. What it asks for is in memory, or the run ends there: the answer is loaded, and
// the function is called again. Each run gets the answers of the runs before it, in the order of the questions, so it comes
// to the same place and goes on.

/** Ends a run that cannot go on. The unit knows that it is missing something, so catching this changes nothing. */
const suspension = new Error('The unit of work waits for something. Let this error pass.')

class Failure {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

/** The questions that the runs of one unit asked, with their answers. */
export class Replay {
  readonly #subjects: unknown[] = []
  readonly #answers: unknown[] = []
  #at = 0
  #isAsking = false
  #missing: Promise<void> | null = null
  /** Which answers had to be loaded. */
  readonly #loaded = new Set<number>()

  /** Whether the last answer is fresh from the store, and not from memory. */
  wasLoaded = false

  /** What the last run did not find in memory; null when it found everything. */
  get missing(): Promise<void> | null {
    return this.#missing
  }

  /** True where a function that is waited for is at work: what it does belongs to its own answer. */
  get isOutside(): boolean {
    return this.#isAsking || this.#missing !== null
  }

  /** Begins another run. */
  begin(): void {
    this.#at = 0
    this.#missing = null
  }

  /** The answer of an earlier run, or of `ask`, which is at work outside of the unit. */
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
    if (this.#at === this.#answers.length) return false
    if (this.#subjects[this.#at] !== subject)
      throw new Error('A unit of work did something else when it was run again.')
    return true
  }

  /** The answer of an earlier run. */
  #again<A>(): A {
    const at = this.#at++
    this.wasLoaded = this.#loaded.has(at)
    const answer = this.#answers[at]
    if (answer instanceof Failure) throw answer.error
    return answer as A
  }

  /** Keeps an answer for later runs. Throws `suspension` when it must be waited for. */
  #keep<A>(subject: unknown, found: MaybePromise<A>): A {
    if (found instanceof Promise) {
      this.#loaded.add(this.#at)
      this.#missing = found.then(
        (value) => this.#push(subject, value),
        (error) => this.#push(subject, new Failure(error)),
      )
      throw suspension
    }
    this.#push(subject, found)
    this.#at++
    this.wasLoaded = false
    return found
  }

  #push(subject: unknown, answer: unknown): void {
    this.#subjects.push(subject)
    this.#answers.push(answer)
  }
}
