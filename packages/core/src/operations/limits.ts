import { hex, utf8 } from '../kernel/bytes.ts'
import { type ErrorKind, PawlError } from '../kernel/errors.ts'
import { type Bucket, clientOf, type TokenBuckets, tokenBuckets } from './buckets.ts'
import type { Origin } from './caller.ts'
import type { Engine } from './engine.ts'
import { InputToRead, type RawInput } from './parse.ts'
import { perEngine } from './per-engine.ts'
import { type Quota, type Rate, rates } from './rates.ts'

/**
 * How often an operation may be called. The numbers are those of `rates` and `quotas`. A call over a limit is refused with
 * `rate_limited`, which operations do not declare.
 *
 * @example
 * // A mail to an address that every caller can name: a limit per client, and a limit per address.
 * limits: [
 *   { per: 'address', rate: rates.signIn },
 *   { per: 'value', of: ({ email }) => email, quota: quotas.mail },
 * ]
 */
export type Limit<I> = AddressLimit | CredentialLimit | QuotaLimit<I>

/** Each call takes a token of its IP address before its input is read. */
export interface AddressLimit {
  readonly per: 'address'
  readonly rate: Rate
}

/**
 * For operations that check a credential. Failures count per IP address, so an attacker cannot try many credentials. Uses
 * count per credential, so many agents behind one address do not stop each other.
 */
export interface CredentialLimit {
  readonly per: 'credential'
  /**
   * The field of the input with the credential, or with the name of its account. Of several, the first that is there. Without
   * any, the bearer token counts.
   */
  readonly field: string | readonly string[]
  /** People choose passwords that an attacker can guess. Programs have random keys, and many of them share an address. */
  readonly by: 'person' | 'program'
}

/**
 * Each successful call counts in its own commit, over all engines on one store. For a public operation, the answer must not
 * depend on whether the value is known, because the count does not depend on it.
 */
export type QuotaLimit<I> =
  | { readonly per: 'org' | 'caller'; readonly quota: Quota }
  | {
      readonly per: 'value'
      /** The canonical form of what is counted, such as an e-mail address. Null: the call does not count. */
      readonly of: (input: I) => string | null
      readonly quota: Quota
    }

/** Concurrent calls of programs behind one address that need no extra token. */
const programsInFlightMax = 250
/** A fleet of programs with wrong keys waits no longer than this. */
const debtMax = 60
const usesOf = { person: rates.passwords, program: rates.keys } as const

const memory = perEngine(() => {
  const byRate = new Map<Rate, TokenBuckets>()
  return (rate: Rate) => {
    const buckets = byRate.get(rate) ?? tokenBuckets(rate)
    byRate.set(rate, buckets)
    return buckets
  }
})

/** Makes a call within the limits that are counted in memory. Those of the address are checked before the input is read. */
export async function withinLimits<O>(
  engine: Engine,
  limits: readonly Limit<never>[],
  origin: Origin,
  input: RawInput,
  call: (input: RawInput) => Promise<O>,
): Promise<O> {
  const { ip = null } = origin
  const now = engine.records.now()
  for (const limit of limits) if (limit.per === 'address') memory(engine)(limit.rate).take(clientOf(ip), now)
  const proof = limits.find((limit) => limit.per === 'credential')
  return proof ? attemptProof(engine, proof, origin, input, call) : call(input)
}

async function attemptProof<O>(
  engine: Engine,
  { field, by }: CredentialLimit,
  { ip = null, bearer }: Origin,
  input: RawInput,
  attempt: (input: RawInput) => Promise<O>,
): Promise<O> {
  const failures = memory(engine)(rates.failures)
  const now = engine.records.now()
  let held = ip && hold(failures, clientOf(ip), by, now)
  const count = (raw: unknown) => {
    const credential = hashOf(engine, credentialIn(raw, field) ?? bearer ?? '')
    memory(engine)(usesOf[by]).take(`${clientOf(ip)} ${credential}`, now)
    // Clients whose address is unknown would stop each other in one bucket (M19).
    held ??= hold(failures, credential, by, now)
    return raw
  }
  try {
    const counted = (toRead: InputToRead) =>
      new InputToRead(toRead.known, async (sender) => count(await toRead.read(sender)))
    return await attempt(input instanceof InputToRead ? counted(input) : count(input))
  } catch (error) {
    if (held && isFailure(error)) held.tokens = Math.max(held.tokens - 1, -debtMax)
    throw error
  } finally {
    if (held) held.inFlight -= 1
  }
}

/** A password attempt takes its token before the check. So parallel attempts get no more guesses than sequential ones. */
function hold(failures: TokenBuckets, name: string | number, by: CredentialLimit['by'], now: number): Bucket {
  const bucket = failures.at(name, now)
  failures.require(bucket, 1 + (by === 'person' ? bucket.inFlight : Math.max(0, bucket.inFlight - programsInFlightMax)))
  bucket.inFlight += 1
  return bucket
}

function credentialIn(raw: unknown, field: CredentialLimit['field']): string | null {
  const given = (raw ?? {}) as Record<string, unknown>
  const value = [field]
    .flat()
    .map((one) => given[one])
    .find((one) => typeof one === 'string')
  return typeof value === 'string' ? value.trim().toLowerCase() : null
}

function hashOf({ crypto }: Engine, text: string): string {
  return hex(crypto.sha256(utf8(text)))
}

/** The error kinds by which operations report a wrong credential. */
const failures: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'unauthenticated',
  'invalid',
  'denied',
  'not_found',
  'gone',
])

function isFailure(error: unknown): boolean {
  return error instanceof PawlError && failures.has(error.kind)
}
