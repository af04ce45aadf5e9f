import type * as z from 'zod'
import type { Budget } from '../kernel/budget.ts'
import type { PawlError } from '../kernel/errors.ts'
import type { Geo } from '../kernel/geo.ts'
import type { Json } from '../kernel/json.ts'
import type { Secret } from '../kernel/secret.ts'
import type { AuditSink } from '../ports/audit-sink.ts'
import type { Billing } from '../ports/billing.ts'
import type { Chains } from '../ports/chain.ts'
import type { Argon2Cost, Crypto } from '../ports/crypto.ts'
import type { Egress, EgressStreaming } from '../ports/egress.ts'
import type { Facilitators } from '../ports/facilitator.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Mailer } from '../ports/mailer.ts'
import type { MoneyService, MoneyServices } from '../ports/money.ts'
import type { PolicyEngine } from '../ports/policy-engine.ts'
import type { Random } from '../ports/random.ts'
import type { AuditBlock, AuditEvent, Reading, Reads, Records, Unit } from '../records/index.ts'
import type { AgentSettings, StoredSettings } from './agent-settings.ts'
import type { AppCaller, Caller, Origin, Payment, Principal, UserCaller } from './caller.ts'
import type { Ending } from './ending.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ModelPrices, ModelProviders } from './models.ts'
import type { Feature, Tiers } from './tiers.ts'

// What handlers, guards, jobs, cascades and listeners are given, and their own types. They refer to each other, so they
// stand in one file.

/**
 * What handlers, guards and jobs alike may use. Nothing here calls out or stores anything, so a handler can be run again,
 * or run without being committed.
 */
export interface Services {
  readonly crypto: Crypto
  /** The key store. Key bytes never leave it. */
  readonly hsm: Hsm
  /** The key stores of organisations, by name. Only vaults that were made in or moved to one of them use it. */
  readonly keyStores: KeyStores
  /** In a unit, each run of it draws the same. */
  readonly random: Random
  /** A new lowercase UUID. */
  newId(): string
  readonly settings: Settings
  readonly log: Log
  /** Stages work for later, in the unit that makes it necessary. */
  readonly jobs: Pick<Jobs, 'stage'>
  /** May refuse what our own rules allow; guards ask it. Null: there is none. */
  readonly policyEngine: PolicyEngine | null
  /** Whether the operator allows outgoing calls to this URL, as far as its text tells. See `checkOutgoingUrl`. */
  readonly egressPermits: (url: string) => boolean
  /** What the areas of this engine have declared for each other. */
  readonly areas: JoinedAreas
  /** By this, `perEngine` finds what belongs to the engine. */
  readonly handle: Handle
}

/** What `perEngine` made for one engine. */
export interface Handle {
  /** Null once the engine has ended. */
  engine: Engine | null
  /** Each in the slot of the `perEngine` that made it. */
  readonly states: unknown[]
}

/** A key store of one or more organisations, for the wrapping keys of their vaults. */
export interface KeyStore {
  readonly hsm: Hsm
  /** The organisations that may use it. Null: only the first organisation, which belongs to the operator. */
  readonly orgs: readonly string[] | null
}

export type KeyStores = ReadonlyMap<string, KeyStore>

/** What the code of one unit works with, in a handler or in a job. */
export interface UnitContext extends Services {
  readonly unit: Unit
  /** Milliseconds since 1970. */
  readonly now: number
  /** Reads outside of the unit, for functions that are waited for. */
  reading(org?: string): Reading
}

/** What a handler works with. It can read, decide and stage; to call out, it stages a job or answers `AfterCommit`. */
export interface Context extends UnitContext {
  readonly caller: Caller
  readonly origin: Origin
  /** The answer waits for this staged job. When the job fails, the engine tries it again later. */
  waitForJob(jobId: string): void
}

/** One running engine: what jobs, scheduled tasks, listeners and calls after a commit get. */
export interface Engine extends Services {
  readonly records: Records
  /** For everything that this engine remembers. */
  readonly budget: Budget
  readonly mailer: Mailer
  /** Shroud needs one that streams. */
  readonly egress: Egress & Partial<EgressStreaming>
  /** The nodes of chains. */
  readonly chains: Chains
  /** The facilitators that check and settle payments, by URL. */
  readonly facilitators: Facilitators
  /** Services of others for wallets. */
  readonly moneyServices: MoneyServices
  readonly auditSink: AuditSink | null
  /** Takes money. Null: the operator has configured no provider. */
  readonly billing: Billing | null
  readonly jobs: Jobs
  readonly seal: Seal
  readonly ending: Ending
  /** True for the engine that answers while the vault is sealed. It has no records. */
  readonly isSealed: boolean
  /** Called when the key store reports that it is sealed. The engine does nothing from then on. */
  foundSealed(): void
  /** The key of an organisation's audit chains. */
  auditKey(org: string): Uint8Array
  readonly around: Around
  /** Identifies the caller, or throws `not_authenticated`. The area that knows credentials provides it. */
  authenticate(unit: Reads, origin: Origin, now: number): Caller
  /** The user for whom an app calls, in their organisation, or throws `denied`. The area of apps provides it. */
  actFor(unit: Unit, app: AppCaller, connectionId: string, now: number): UserCaller
  /** Whether the caller is an owner or admin of the first organisation, who run this installation. The area that makes owners provides it. */
  isOperator(unit: Reads, caller: Caller): boolean
}

/** What custodians do to open a sealed vault. */
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
  /** Whether a mailer is configured. */
  readonly mail: boolean
  /** The services of others that are configured. */
  readonly moneyServices: readonly MoneyService[]
  /**
   * Who can create an account with an organisation. `closed`: no one. `open`: everyone. A list: people with an e-mail address
   * of these domains.
   */
  readonly signUp: 'closed' | 'open' | readonly string[]
  /** Services that people sign in with. */
  readonly identityProviders: readonly IdentityProvider[]
  /** Base URLs of the model providers that Shroud calls, by name. */
  readonly modelProviders: ModelProviders
  /** What models cost. A budget in USD allows only models with a price. */
  readonly modelPrices: ModelPrices
  /** What a guess at a password costs. */
  readonly passwordCost: Argon2Cost
  /** Turns off limits that count per minute, for tests and for processes that have their own. */
  readonly rateLimits: boolean
  /** How many vaults, secrets, shares and policies one agent can have created. An organisation can set lower limits. */
  readonly agentVaultsMax: number
  readonly agentSecretsMax: number
  readonly agentSharesMax: number
  readonly agentPoliciesMax: number
  /** What organisations can use, and what more costs. Null: one tier without limits. */
  readonly tiers: Tiers | null
  /** US dollars for one unit of a currency or token, by symbol: `{ ETH: '3000' }`. Limits in dollars need them. */
  readonly usdPrices: Readonly<Record<string, string>>
  /** With so many blocks, its own included, a deposit is credited. */
  readonly depositConfirmations: number
  /** Where addresses are. Null: not known, so no risk event has a place. */
  readonly geo: Geo | null
  /** How long a deleted secret can be restored, before it is destroyed. */
  readonly keepDeletedMs: number
  /** Data keys are unwrapped by the HSM for every read, and never kept in memory. */
  readonly strictKeys: boolean
  /** Bytes of heap for everything that is remembered: records, what was made of them, tokens and data keys. */
  readonly cacheBytes: number
  /**
   * What the audit event of a read survives before the caller gets the answer: `disk` a crash of the machine, `os` only a
   * crash of the process. Writes always wait for the disk.
   */
  readonly auditSync: 'disk' | 'os'
  /**
   * How long audit events stay in the vault. Older segments are dropped once a copy of them was exported and verified. Null:
   * for ever.
   */
  readonly auditKeepMs: number | null
  /** Which answers are checked against their schema: all of them, in tests and during development, or some. */
  readonly checkOutputs: 'always' | 'sampled'
}

/** Structured logging. Fields never hold a secret; what is not a plain value is not logged. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void

/**
 * Runs a piece of work and returns its result, to measure or trace it. The names are those of operations, jobs and tasks. A
 * `threat` is no work: it is named `detector action`, once for each finding of Shroud.
 * It gets no input and no answer, so that nothing secret can end up in a metric or a span.
 *
 * @example
 * const around: Around = async (what, name, work) => {
 *   const startedAt = performance.now()
 *   try {
 *     return await work()
 *   } finally {
 *     histogram.observe({ what, name }, performance.now() - startedAt)
 *   }
 * }
 */
export type Around = <T>(
  what: 'operation' | 'job' | 'task' | 'hsm' | 'threat',
  name: string,
  work: () => Promise<T>,
) => Promise<T>

// --- Resources and the guards that decide about them

/** What an event says of a thing: its id, and details that hold no value of a secret. */
export interface About {
  readonly id?: string
  readonly [detail: string]: Json | undefined
}

/** Something that callers need a permission for. `P` are the permissions it knows. */
export interface Resource<P extends string = string> {
  readonly type: string
  /** What a denial in the audit trail says about it. */
  readonly about: About
  /** Throws when the caller may not. Decides before anything says whether the resource exists. */
  authorize(context: Context, permission: P): void
}

/**
 * Decides about resources of one type. An area contributes it, so that an area whose resource it is need not know who
 * decides. `K` is what names such a resource.
 */
export interface Guard<K> {
  /** Throws when the caller may not. Decides before anything says whether the resource exists. */
  authorize(context: Context, key: K, permission: string): void
  /** The keys among these that the caller may use so, in their order. */
  among(context: Context, keys: readonly K[], permission: string): readonly K[]
  /** The ids of all resources of this type that the caller may see. */
  visible?(context: Context): readonly string[]
}

/** Any guard, when it does not matter of what. */
export interface AnyGuard {
  authorize(context: Context, key: never, permission: string): void
  among(context: Context, keys: readonly never[], permission: string): readonly unknown[]
  visible?(context: Context): readonly string[]
}

/**
 * Throws `denied` if a caller who is signed in must not call at all. It runs for every request, and reads the records of the
 * organisation of the caller.
 */
export type Admission = (unit: Reads, caller: Caller, origin: Origin) => void

// --- Proofs that it is the user

/** How a user can prove who they are. */
export interface Factors {
  readonly password: boolean
  readonly totp: boolean
  readonly passkeys: number
}

/** Decides about a proof. Returns the refusal, or null. What it stages is worth keeping also when it refuses. */
export type Confirmation = (context: Context, asked: AskedToConfirm) => PawlError | null

export interface AskedToConfirm {
  readonly purpose: string
  readonly proof: Secret<string> | undefined
  readonly isNeeded: (factors: Factors) => boolean
}

// --- Jobs

/** A kind of work. `run` may be repeated, and finishes what an earlier run began. */
export interface JobType<P extends Json> {
  readonly name: string
  run(engine: Engine, payload: P): Promise<void>
}

export interface Jobs {
  /** Stages work in the unit that makes it necessary; answers the id for `waitForJob`. */
  stage<P extends Json>(unit: Unit, type: Pick<JobType<P>, 'name'>, payload: P): string
  /** Runs one staged job now. When it fails, it stays and is tried again later. */
  run(id: string): Promise<void>
  /** Runs what is due; answers how many jobs were done. */
  runDue(): Promise<number>
}

/** Work that an engine repeats on its own clock. */
export interface ScheduledTask {
  readonly name: string
  readonly everyMs: number
  /** Done once more before the engine closes. */
  readonly atClose?: true
  run(engine: Engine): Promise<void>
}

/** Replaces keys in the key store, and reports each vault whose keys are new. Cut off, it is simply done again. */
export type RotateKeys = (engine: Engine, progress: () => void) => Promise<void>

// --- Cascades: what happens to records when the thing they refer to changes

/** What records of other areas refer to. */
export type Subject = 'org' | 'user' | 'agent' | 'vault' | 'secret' | 'app' | 'connection'
export type Change = 'removed' | 'disabled' | 'rotated'
/** What an area may want to know of when it is made. */
export type Made = Subject | 'share'

/** What an area does to its own records when a subject changes. */
export interface Cascade {
  /** In the unit of the change, for the few records that must not outlive it for a moment. */
  inUnit?(context: Pick<Context, 'unit' | 'now'>, id: string): void
  /** As a job of the engine, for many records. It may be cut off and run again. */
  asJob?(engine: Engine, subject: { readonly org: string; readonly id: string }): Promise<void>
}

export type Cascades = Readonly<Partial<Record<Subject, Cascade>>>

// --- Listeners: what an area does after an event of the trail was committed

/** An event as listeners get it. The same event may come again; its id tells. */
export interface Heard extends AuditEvent {
  readonly org: string
}

export type Listener = (engine: Engine, event: Heard) => Promise<void>

/** An area that listens, and to which actions. */
export interface Listening {
  readonly name: string
  readonly listensTo?: Readonly<Record<string, Listener>>
  readonly listensSince?: ListensSince
}

/** Since when an area listens in an organisation. Null: not at all, so the engine does not read that trail for it. */
export type ListensSince = (engine: Engine, org: string) => Promise<number | null>

/**
 * Sees the events of one batch in one organisation. Callers wait for what it does at once, and for nothing that it returns. After
 * a crash, blocks are not shown again: what must not be missed, the area listens to as well.
 */
export type Watcher = (engine: Engine, org: string, block: AuditBlock) => Promise<void> | null
// --- Agents, as areas may know them that the area of agents does not know

/** What limits of other areas follow from. */
export interface AgentFacts {
  readonly id: string
  readonly environment: string | null
  readonly settings: StoredSettings
}

/**
 * Runs in the unit that changes an agent, before anything is staged. Returns the refusal, or null. What it stages is worth
 * keeping also when it refuses.
 */
export type AgentChange = (context: Context, before: AgentFacts, after: AgentFacts) => PawlError | null

/** Fields that an area adds to agents in answers. */
export interface AgentAddition {
  readonly fields: Readonly<Record<string, z.ZodType>>
  /** The values of these agents, in their order. A field without a value is left out. */
  of(context: Context, agentIds: readonly string[]): readonly Readonly<Record<string, Json>>[]
}

// --- What calls take of the tier of an organisation

/** What counts of an operation. */
export interface MeteredOperation {
  readonly name: string
  readonly metered?: boolean | undefined
}

/** What one call takes. */
export interface Charge {
  /** Whether the call counts for the organisation in which its event is. */
  readonly countsHere: boolean
  /** What the event of the call says of it. */
  readonly about: About
  /** Stages the counts and the payment. The pipeline calls it when the call succeeds. */
  stage(): void
}

/** Knows the tier of each organisation. Things are limited where they are made: see `onCreated`. */
export interface Meter {
  /** What a call that succeeds takes. Null: nothing. Throws `payment_required` if nothing pays for it. */
  charge(context: Context, operation: MeteredOperation): Charge | null
  /** Throws `resource_limit_exceeded` if the tier of the organisation of the unit does not have the feature. */
  requireFeature(context: UnitContext, feature: Feature): void
  /** Counts a signature, in the unit that decides about it. Throws `payment_required` if nothing pays for it. */
  countSignature(context: UnitContext, signature: CountedSignature): void
}

export interface CountedSignature {
  readonly agentId: string
  /** Millionths of a dollar that the transaction moves. Null: unknown, because a price is missing. */
  readonly usdMicros: () => bigint | null
}

// --- Calls that are paid one by one

/** A payment that the caller shows for a call. */
export interface CallPayment {
  /** The payment, as the meter counts it. */
  readonly paid: Payment
  /** Uses the payment in the unit of the call, so that it pays once. False: it must be collected first. */
  use(context: Context): boolean
  /** Claims the payment, then collects it. Throws the refusal of the call. */
  collect(engine: Engine): Promise<void>
}

/** What is known of an operation that is paid. */
export interface PaidOperation {
  readonly name: string
  readonly http?: { readonly method: string; readonly path: string }
}

/**
 * Asked when the tier has no room for a call. `usd` is the price of the tier, or null. Throws `payment_required` with the ways to
 * pay if the caller shows no payment. Null: there is no way to pay.
 */
export type Payments = (
  context: Context,
  operation: PaidOperation,
  input: unknown,
  usd: string | null,
) => CallPayment | null

// --- What a human has approved

/** An approved request, as `CarriesOut` receives it. */
export interface Approved {
  readonly id: string
  readonly action: string
  readonly agentId: string | null
  readonly targetId: string
  /** Null: nothing is carried out. */
  readonly payload: Json
  readonly requestedBy: Principal
  readonly decidedBy: string
}

/**
 * Carries out what a human has decided, in the unit of the decision. It checks everything before it stages anything: what it
 * throws is noted with the approval. What calls out is a job.
 */
export interface CarriesOut {
  approved(context: UnitContext, approved: Approved): void
  rejected?(context: UnitContext, rejected: Approved): void
}

// --- Transactions of agents that another account makes

/** What an agent asks for, as an area that makes transactions of another account gets it. */
export interface AskedInMode {
  readonly agentId: string
  readonly chain: string
  readonly to: string
  /** In the smallest unit. */
  readonly value: bigint
  readonly data: Uint8Array
  readonly treasuryId: string | undefined
  /** The transaction of the agent, which waits until the other account has decided. */
  readonly transactionId: string
}

export interface BegunInMode {
  readonly proposalId: string
  /** The account that makes the transaction. */
  readonly from: string
  /** What follows after the commit. */
  finish(engine: Engine): Promise<void>
}

/**
 * Stages that another account makes the transaction of an agent, such as a treasury. It refuses with an error that the
 * caller gets, and what it stages is kept also then.
 */
export type TransactionMode = (context: Context, asked: AskedInMode) => BegunInMode | { readonly refused: PawlError }

// --- What areas have declared for each other

export interface JoinedAreas {
  guard(type: string): AnyGuard
  readonly admissions: readonly Admission[]
  /** Decides how a call can be paid for which the tier has no room. */
  readonly payments: Payments | null
  /** Decides whether a user has confirmed who they are. */
  readonly confirm: Confirmation
  /** What a user can be asked to confirm. */
  readonly purposes: readonly string[]
  cascades(change: Change, subject: Subject): readonly Cascade[]
  onCreated(made: Made): readonly ((context: Context, id: string) => void)[]
  /** The settings of an agent, of all areas. */
  readonly agentSettings: AgentSettings
  /** Decides what calls take of the tier of an organisation. */
  readonly meter: Meter | null
  /** Every `onAgentChange`. */
  readonly agentChanges: readonly AgentChange[]
  readonly agentAdditions: readonly AgentAddition[]
  /** Who carries out an action that a human decided about. */
  carriesOut(action: string): CarriesOut | null
  /** Who makes transactions of agents in this mode. */
  transactionMode(mode: string): TransactionMode | null
  /** The scopes that an API key of a person can have, such as `secrets:read`. */
  readonly scopes: readonly string[]
  /** Every `watches`. */
  readonly watchers: readonly Watcher[]
  /** The areas that listen to events of the trail. */
  readonly listeners: readonly Listening[]
  /** The names of the operations whose calls count as usage. */
  readonly metered: readonly string[]
  /** The routes of all operations that have one, by the name of the operation. */
  readonly routes: ReadonlyMap<string, { readonly method: string; readonly path: string; readonly status: number }>
  /** The audit actions of all operations, and whether the operation reads or writes. */
  readonly actions: ReadonlyMap<string, 'read' | 'write'>
}
