import type { PawlError } from '@pawl/core'
import type { Crypto, Hsm, Storage } from '@pawl/core/ports'
import type { Register } from '../model/index.ts'
import type { Example } from '../world/examples/example.ts'
import type { World } from '../world/world.ts'
import type { Fault } from './process.ts'
import type { Effect, Remains } from './remains.ts'
import type { Scenario } from './scenario.ts'

/** The state after a fault, when an engine has run for hours since. */
export interface Aftermath {
  readonly scenario: Scenario
  readonly fault: Fault
  readonly example: Example
  /** What the caller got: `nothing` if the process died first. */
  readonly answer: 'success' | 'nothing' | PawlError
  /** Whether the call took effect, as far as the answer tells. */
  readonly isMade: Register<boolean>
  readonly effect: Effect
  /** Keys of the HSM that were made and destroyed since. */
  readonly keys: { readonly made: number; readonly gone: number }
  /** The effect of the call when nothing goes wrong, and the effect in a world without the call. */
  readonly whole: Pick<Aftermath, 'effect' | 'keys'>
  readonly nothing: Pick<Aftermath, 'effect' | 'keys'>
  /** A living engine: the one that was there, or the next one after it died. */
  readonly world: World
  readonly storage: Storage
  readonly hsm: Hsm
  readonly crypto: Crypto
  readonly remains: Remains
}
