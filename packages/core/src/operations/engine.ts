import type { Secret } from '../kernel/secret.ts'
import type { AuditSink } from '../ports/audit-sink.ts'
import type { Argon2Cost, Crypto } from '../ports/crypto.ts'
import type { Egress } from '../ports/egress.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Mailer } from '../ports/mailer.ts'
import type { PolicyEngine } from '../ports/policy-engine.ts'
import type { Random } from '../ports/random.ts'
import type { Records, Unit } from '../records/index.ts'
import type { Caller, Origin } from './caller.ts'
import type { Jobs } from './jobs.ts'

/** Everything one running engine consists of. Handlers get it in their context; nothing else holds state. */
export interface Engine {
  readonly records: Records
  readonly crypto: Crypto
  readonly hsm: Hsm
  readonly random: Random
  readonly mailer: Mailer
  readonly egress: Egress
  readonly policyEngine: PolicyEngine | null
  readonly auditSink: AuditSink | null
  readonly settings: Settings
  readonly log: Log
  readonly jobs: Jobs
  readonly seal: Seal
  /** Set for what stands in the place of an engine while the vault is sealed. It has no records. */
  readonly isSealed: boolean
  /** Told when the key store says that it is sealed: nothing is done with this engine any more. */
  foundSealed(): void
  /** What the audit trail of an organisation is chained with. */
  auditKey(org: string): Uint8Array
  /** Says who is asking, or throws; set by the area that knows credentials. */
  authenticate(unit: Unit, origin: Origin, now: number): Promise<Caller>
}

/** What keeps a vault closed until enough custodians were there. */
export interface Seal {
  status(): Promise<SealStatus>
  /** Takes one share; the last that is needed opens the vault. */
  offer(share: Secret<string>, ip: string | null): Promise<SealStatus>
}

export interface SealStatus {
  readonly sealed: boolean
  /** How many shares open the vault, and how many there are; null when the root is not in shares. */
  readonly threshold: number | null
  readonly shares: number | null
  /** How many were entered so far. */
  readonly progress: number
}

export interface Settings {
  /** Where clients reach this engine; links are built from it, never from a request. */
  readonly publicUrl: string
  /** What a guess at a password costs. */
  readonly passwordCost: Argon2Cost
  /** Turns off limits that count per minute, for tests and for processes that have their own. */
  readonly rateLimits: boolean
  /** Data keys are unwrapped by the HSM for every read, and never kept in memory. */
  readonly strictKeys: boolean
}

/** Structured logging. Fields never hold a secret; what is not a plain value is not logged. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void

/**
 * State in memory that belongs to one engine: a cache, a window of counts. It is made at first use and goes with the
 * engine, so two engines in one process share nothing. What holds keys says how they are wiped.
 *
 * @example
 * const dataKeys = perEngine(() => new Lru<string, Uint8Array>({ max: 10_000 }))
 * dataKeys(engine).get(id)
 */
export function perEngine<T>(make: (engine: Engine) => T, wipe?: (state: T) => void): (engine: Engine) => T {
  const states = new WeakMap<Engine, { state: T }>()
  forgetters.push((engine) => {
    const held = states.get(engine)
    if (held) wipe?.(held.state)
    states.delete(engine)
  })
  return (engine) => {
    let held = states.get(engine)
    if (!held) {
      held = { state: make(engine) }
      states.set(engine, held)
    }
    return held.state
  }
}

const forgetters: ((engine: Engine) => void)[] = []

/** Leaves nothing in memory of what belonged to an engine that has ended. */
export function forgetEngine(engine: Engine): void {
  for (const forget of forgetters) forget(engine)
}
