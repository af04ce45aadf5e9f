import { Finding } from './finding.ts'

interface Change<T> {
  readonly value: T
  readonly from: number
  /** When it was over; until then it may take effect at any moment. */
  to: number
  /** Whether the change was acknowledged. A change that was not acknowledged may have happened or not. */
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
 * One thing that is changed and looked at, by one after the other or by many at once. It knows what a look may find: the
 * value of a change that was not followed by another, which was acknowledged before the look began.
 *
 * @example
 * const isActive = new Register(ticks(), true)
 * const change = isActive.change(false)
 * change.unknown() // the server was killed before it answered, so a look may find either
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
    return this.#possible(since).some(find)
  }

  /** A read while no change is in progress. The register has this value from now on. An impossible value is a `Finding`. */
  found(value: T, what: string): void {
    const possible = this.#possible(this.#now())
    if (!possible.includes(value)) {
      throw new Finding(`${what}: acknowledged was ${possible.join(', or perhaps ')}, there is ${value}`)
    }
    this.#changes = [{ value, from: -1, to: -1, isSure: true }]
  }

  #possible(since: number): T[] {
    const isOutdated = ({ to }: Change<T>) =>
      this.#changes.some((later) => later.isSure && later.from > to && later.to < since)
    return this.#changes.filter((change) => !isOutdated(change)).map(({ value }) => value)
  }
}

/** A clock for registers whose changes come one after the other: every look at it is later than the one before. */
export function ticks(): () => number {
  let now = 0
  return () => ++now
}
