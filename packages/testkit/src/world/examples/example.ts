import type { registry, Who } from '@pawl/core'
import type { World } from '../world.ts'

/** A call that succeeds in a fresh world: the caller and the input. The example first makes what the call needs. */
export interface Example {
  readonly who: Who
  readonly input: Readonly<Record<string, unknown>>
  /** Something in the input is valid for less than an hour, such as a code. */
  readonly isShortLived?: true
  /** What the call stores in a commit of its own, before the rest or after it: records such as `user made`, or events. */
  readonly separately?: readonly string[]
}

/** An agent called before. The engine stores when it was last active at a time of its own. */
export const agentWasActive = ['agent changed']

/**
 * A payment is stored before the nodes are asked, and what it takes of the budgets with its signature. `subject` begins the names of
 * its events.
 */
export const signedLater = (subject: 'transaction' | 'treasury_wallet') => [
  ...['transaction changed', 'openTransaction made', 'openTransaction changed', 'openTransaction gone'],
  ...['nonceLane made', 'decision made', 'ledger made', 'recipient made', 'signatureCount made'],
  ...['sign', 'broadcast', 'refuse'].map((verb) => `${subject}.${verb}`),
]

/** One example per operation of an area; a missing one does not compile. The tests that every operation gets use them. */
export type ExamplesOf<Area extends keyof typeof registry> = {
  readonly [Verb in keyof (typeof registry)[Area]]: (world: World) => Promise<Example>
}
