/** What was seen that must not be. */
export class Finding extends Error {
  override readonly name = 'Finding'
}

interface Change<T> {
  readonly value: T
  readonly from: number
  /** When it was over; until then it may take effect at any moment. */
  to: number
  /** Whether it was acknowledged. Of one that was not, nobody knows whether it happened. */
  isSure: boolean
}

/** A change that is under way. */
export interface Changing {
  acknowledged(): void
  /** The caller heard nothing, or that something was not available. */
  unknown(): void
  refused(): void
}

/**
 * One thing that is changed and looked at by many at once. It knows what a look may find: the value of a change that
 * was not followed by another, which was acknowledged before the look began.
 */
export class Register<T> {
  readonly #now: () => number
  #changes: Change<T>[]

  constructor(now: () => number, value: T) {
    this.#now = now
    this.#changes = [{ value, from: -1, to: -1, isSure: true }]
  }

  change(value: T): Changing {
    const change: Change<T> = { value, from: this.#now(), to: Number.POSITIVE_INFINITY, isSure: false }
    this.#changes.push(change)
    const over = (isSure: boolean) => {
      change.to = this.#now()
      change.isSure = isSure
    }
    return {
      acknowledged: () => over(true),
      unknown: () => over(false),
      refused: () => {
        this.#changes = this.#changes.filter((one) => one !== change)
      },
    }
  }

  /** Whether a look that began then, and ends now, may find this. */
  may(find: (value: T) => boolean, since: number): boolean {
    return this.#changes.some((change) => find(change.value) && !this.#isOutdated(change, since))
  }

  #isOutdated({ to }: Change<T>, since: number): boolean {
    return this.#changes.some((later) => later.isSure && later.from > to && later.to < since)
  }
}

/** Something of which there is a limited number. */
export class Budget {
  readonly #name: string
  readonly #max: number
  #given = 0

  constructor(name: string, max: number) {
    this.#name = name
    this.#max = max
  }

  give(): void {
    if (++this.#given > this.#max) throw new Finding(`${this.#name} was given ${this.#given} times, not ${this.#max}`)
  }
}
