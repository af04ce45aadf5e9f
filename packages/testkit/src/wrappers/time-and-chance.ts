import type { Clock, Random } from '@pawl/core/ports'
import { choice, type FailingOptions } from './intercept.ts'

// The two synchronous ports. Their calls cannot be slow, but a clock can be wrong, and a source of randomness can fail.

/**
 * A clock that jumps. At each look, `step` returns the extra milliseconds. They may be negative, as after a manual change.
 *
 * @example
 * steppingClock(manualClock(start), (look) => (look === 10 ? -3_600_000 : 0))
 */
export function steppingClock<C extends Clock>(clock: C, step: (look: number) => number): C {
  let looks = 0
  let offset = 0
  const now = () => {
    offset += step(++looks)
    return clock.now() + offset
  }
  return { ...clock, now }
}

export interface RandomCall {
  readonly method: 'bytes'
  readonly count: number
}

/**
 * Fails at some calls and gives no bytes. `after` makes no difference here, because the caller gets no bytes either way.
 *
 * @example
 * failingRandom(seededRandom('test'), { at: 3 })
 */
export function failingRandom(random: Random, options: FailingOptions<RandomCall>): Random {
  const isChosen = choice(options)
  const { error = () => new Error('There is no randomness, on purpose.') } = options
  return {
    bytes: (count) => {
      if (isChosen({ method: 'bytes', count })) throw error()
      return random.bytes(count)
    },
  }
}

/**
 * Lists how many bytes were asked for, call by call.
 *
 * @example
 * recordingRandom(random).calls.length
 */
export function recordingRandom(random: Random): Random & { readonly calls: readonly RandomCall[] } {
  const calls: RandomCall[] = []
  return {
    calls,
    bytes: (count) => {
      calls.push({ method: 'bytes', count })
      return random.bytes(count)
    },
  }
}
