import { seededRandom } from '@pawl/core/ports/reference'

// Everything that takes time waits here for its turn, and whose turn it is follows from the seed alone. So a history
// with the same seed is the same history, call by call.

/** Chance that can be repeated. */
export interface Chance {
  /** A whole number from 0, below this. */
  below(bound: number): number
  pick<T>(from: readonly T[]): T
  /** True so many times in a thousand. */
  perMille(times: number): boolean
}

export function chance(seed: string): Chance {
  const random = seededRandom(seed)
  const below = (bound: number) => new DataView(random.bytes(4).buffer).getUint32(0) % bound
  return { below, pick: (from) => from[below(from.length)] as never, perMille: (times) => below(1_000) < times }
}

interface Waiting {
  readonly whose: object
  readonly what: string
  go(): void
}

export interface Schedule {
  /** How many turns were given. */
  readonly now: number
  /** The last turns, to explain a finding. */
  readonly trace: readonly string[]
  /** Resolves when it is this one's turn; never, when its owner was dropped before. */
  turn(whose: object, what: string): Promise<void>
  /** Runs work of the operating system, such as a sync of the disk. No other turn begins until it is over. */
  outside<T>(work: () => Promise<T>): Promise<T>
  note(what: string): void
  /** What waits for this owner waits for ever. */
  drop(whose: object): void
  /** Gives one waiting owner its turn, and returns when all wait again. False when no owner was waiting. */
  step(): Promise<boolean>
}

const traceMax = 60
/** How often an engine may be quiet without a call before it counts as stuck. */
const momentsMax = 30

export function schedule({ below }: Chance): Schedule {
  let waiting: Waiting[] = []
  let now = 0
  let arrivals = 0
  let outside = 0
  const dropped = new WeakSet()
  const trace: string[] = []
  const note = (what: string) => {
    trace.push(`${now} ${what}`)
    if (trace.length > traceMax) trace.shift()
  }
  /** Waits until no owner has arrived for a while. An engine gathers what is ready at one moment, so it may take one more. */
  const quiet = async () => {
    for (let seen = -1, calm = 0; calm < 3; calm++) {
      if (seen !== arrivals || outside > 0) calm = 0
      seen = arrivals
      await moment()
    }
  }
  return {
    get now() {
      return now
    },
    trace,
    note,
    turn: (whose, what) =>
      new Promise((resolve) => {
        // An engine that dies may still have a step to finish, and would go on after its death.
        if (dropped.has(whose)) return
        arrivals++
        waiting.push({ whose, what, go: resolve })
      }),
    outside: async (work) => {
      outside++
      try {
        return await work()
      } finally {
        outside--
      }
    },
    drop: (whose) => {
      dropped.add(whose)
      waiting = waiting.filter((one) => one.whose !== whose)
    },
    step: async () => {
      await quiet()
      // Work that an engine does behind its calls takes moments without asking for a turn.
      for (let more = 0; waiting.length === 0 && more < momentsMax; more++) await quiet()
      const [next] = waiting.splice(below(waiting.length || 1), 1)
      if (!next) return false
      now++
      note(next.what)
      next.go()
      return true
    },
  }
}

function moment(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
