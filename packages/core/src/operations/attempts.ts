import { hex, utf8 } from '../kernel/bytes.ts'
import { PawlError } from '../kernel/errors.ts'
import type { Origin } from './caller.ts'
import type { Engine } from './engine.ts'
import type { RawInput } from './parse.ts'
import { perEngine } from './per-engine.ts'
import { type Bucket, clientOf, defaultRates, type TokenBuckets, tokenBuckets } from './rate-limit.ts'

// Attempts to prove an identity. Failures are counted per address, so that nobody tries many credentials. Uses are counted
// per credential, so that many agents behind one address do not stop each other.

/** How an operation that takes a credential is limited. */
export interface AttemptLimit {
  /** The field of the input with the credential, or with the name of its account. Null: one limit for the address. */
  readonly of: string | null
  /** Persons choose passwords that can be guessed. Programs have random keys, and come in fleets. */
  readonly by: 'person' | 'program'
}

/** Programs behind one address that may be answered at the same moment. */
const programsInFlightMax = 250
/** A fleet of programs with wrong keys waits no longer than this. */
const debtMax = 60

const attempts = perEngine(() => ({
  failures: tokenBuckets(defaultRates.credentials),
  uses: { person: tokenBuckets(defaultRates.ofPerson), program: tokenBuckets(defaultRates.ofProgram) },
}))

/** Makes an attempt within the limits. The limit of the address is checked before the input is read. */
export async function limitAttempt<O>(
  engine: Engine,
  { of, by }: AttemptLimit,
  { ip = null }: Origin,
  input: RawInput,
  attempt: (input: RawInput) => Promise<O>,
): Promise<O> {
  const { failures, uses } = attempts(engine)
  const now = engine.records.now()
  let held = ip && hold(failures, clientOf(ip), by, now)
  const count = (raw: unknown) => {
    const credential = credentialIn(engine, raw, of)
    uses[by].take(`${clientOf(ip)} ${credential}`, now)
    // Clients whose address is unknown would stop each other in one bucket (M19).
    held ??= hold(failures, credential, by, now)
    return raw
  }
  try {
    return await attempt(typeof input === 'function' ? async () => count(await input()) : count(input))
  } catch (error) {
    if (held && isFailure(error)) held.tokens = Math.max(held.tokens - 1, -debtMax)
    throw error
  } finally {
    if (held) held.inFlight -= 1
  }
}

/** A guess at a password takes its token before it is made, so that many at once are no more than one after the other. */
function hold(failures: TokenBuckets, name: string | number, by: AttemptLimit['by'], now: number): Bucket {
  const bucket = failures.at(name, now)
  failures.require(bucket, 1 + (by === 'person' ? bucket.inFlight : Math.max(0, bucket.inFlight - programsInFlightMax)))
  bucket.inFlight += 1
  return bucket
}

function credentialIn({ crypto }: Engine, raw: unknown, field: string | null): string {
  const value = (raw as Record<string, unknown> | null | undefined)?.[field ?? '']
  return hex(crypto.sha256(utf8(typeof value === 'string' ? value.trim().toLowerCase() : '')))
}

function isFailure(error: unknown): boolean {
  return error instanceof PawlError && ['unauthenticated', 'invalid', 'not_found'].includes(error.kind)
}
