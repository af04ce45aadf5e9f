import type * as z from 'zod'
import type { Budget } from '../kernel/budget.ts'
import type { PawlError } from '../kernel/errors.ts'
import type { Geo } from '../kernel/geo.ts'
import type { Json } from '../kernel/json.ts'
import type { Secret } from '../kernel/secret.ts'
import type { AuditSink } from '../ports/audit-sink.ts'
import type { Billing } from '../ports/billing.ts'
import type { Bundlers } from '../ports/bundler.ts'
import type { Chains } from '../ports/chain.ts'
import type { Argon2Cost, Crypto } from '../ports/crypto.ts'
import type { Egress, EgressStreaming } from '../ports/egress.ts'
import type { Facilitators } from '../ports/facilitator.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Mailer } from '../ports/mailer.ts'
import type { MoneyService, MoneyServices } from '../ports/money.ts'
import type { PolicyEngine } from '../ports/policy-engine.ts'
import type { Random } from '../ports/random.ts'
import type { ShroudPlugins } from '../ports/shroud.ts'
import type { AuditBlock, AuditEvent, Reading, Reads, Records, Unit } from '../records/index.ts'
import type { AgentSettings, StoredSettings } from './agent-settings.ts'
import type { AppCaller, Caller, Origin, Payment, Principal, UserCaller } from './caller.ts'
import type { Ending } from './ending.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ModelPrices, ModelProviders } from './models.ts'
import type { Feature, Tiers } from './tiers.ts'

// The types that handlers, guards, jobs, cascades and listeners receive, and their own types. The types refer to each other, so
// they are in one file.

/**
 * Services for handlers, guards and jobs. No service makes an outgoing call or stores anything. So the engine can run a handler
 * again, or run it without a commit.
 */
export interface Services {
  readonly crypto: Crypto
  /** The key store. Key bytes never leave it. */
  readonly hsm: Hsm
  /** The key stores of organisations, by name. Only vaults that were made in or moved to one of them use it. */
  readonly keyStores: KeyStores
  /** Random bytes. In a unit, each run gets the same bytes. */
  readonly random: Random
  /** A new lowercase UUID. */
  newId(): string
  readonly settings: Settings
  readonly log: Log
  /** Stages work for later, in the unit that makes it necessary. */
  readonly jobs: Pick<Jobs, 'stage'>
  /** Guards ask it. It can refuse what the policies of Pawl allow. Null: none is configured. */
  readonly policyEngine: PolicyEngine | null
  /** Whether the operator allows outgoing calls to this URL, as far as its text tells. See `checkOutgoingUrl`. */
  readonly egressPermits: (url: string) => boolean
  /** The declarations of the areas of this engine for each other. */
  readonly areas: JoinedAreas
  /** `perEngine` uses it to find the state of the engine. */
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

/** The context of the code of one unit, in a handler or in a job. */
export interface UnitContext extends Services {
  readonly unit: Unit
  /** Milliseconds since 1970. */
  readonly now: number
  /** Reads outside of the unit, for functions that are waited for. */
  reading(org?: string): Reading
}

/** The context of a handler, which reads, decides and stages. For an outgoing call, it stages a job or returns `AfterCommit`. */
export interface Context extends UnitContext {
  readonly caller: Caller
  readonly origin: Origin
  /** The answer waits for this staged job. When the job fails, the engine tries it again later. */
  waitForJob(jobId: string): void
}

/** One running engine. Jobs, scheduled tasks, listeners and calls after a commit receive it. */
export interface Engine extends Services {
  readonly records: Records
  /** The memory limit of all caches of this engine. */
  readonly budget: Budget
  readonly mailer: Mailer
  /** Shroud needs one that streams. */
  readonly egress: Egress & Partial<EgressStreaming>
  /** The nodes of chains. */
  readonly chains: Chains
  /** The bundlers of chains, for smart accounts. */
  readonly bundlers: Bundlers
  /** The facilitators that check and settle payments, by URL. */
  readonly facilitators: Facilitators
  /** Services of others for wallets. */
  readonly moneyServices: MoneyServices
  /** Plug-ins of the proxy between agents and models. */
  readonly shroud: ShroudPlugins
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
  /**
   * Whether the caller is an owner or admin of the first organisation, who run this installation. The area that makes owners
   * provides it.
   */
  isOperator(unit: Reads, caller: Caller): boolean
}

/** The calls by which custodians open a sealed vault. */
export interface Seal {
  status(): Promise<SealStatus>
  /** Takes one share. The last required share opens the vault. */
  offer(share: Secret<string>, ip: string | null): Promise<SealStatus>
}

export interface SealStatus {
  readonly sealed: boolean
  /** How many shares open the vault, and how many there are; null when the root is not in shares. */
  readonly threshold: number | null
  readonly shares: number | null
  /** Number of shares that custodians have entered so far. */
  readonly progress: number
}

export interface Settings {
  /** URL at which clients reach this engine. The engine builds links from it, and never from a request. Default: `http://127.0.0.1:8210`. */
  readonly publicUrl: string
  /** Whether a mailer is configured. */
  readonly mail: boolean
  /** The services of others that are configured. */
  readonly moneyServices: readonly MoneyService[]
  /**
   * Who can create an account with an organisation. `closed`: no one. `open`: everyone. A list: people with an e-mail address
   * of these domains. Default: `closed`.
   */
  readonly signUp: 'closed' | 'open' | readonly string[]
  /** Services that people sign in with. Default: none. */
  readonly identityProviders: readonly IdentityProvider[]
  /** Base URLs of the model providers that Shroud calls, by name. Default: none. */
  readonly modelProviders: ModelProviders
  /** Names of the model providers that are plug-ins. */
  readonly modelPlugins: readonly string[]
  /** What models cost. A budget in USD allows only models with a price. Default: no prices. */
  readonly modelPrices: ModelPrices
  /** The Argon2 cost of a password hash. Default: 19 MiB of memory, 2 passes and 1 lane. */
  readonly passwordCost: Argon2Cost
  /** Whether limits that count per minute hold. Turn them off for tests, or if your program has its own. Default: true. */
  readonly rateLimits: boolean
  /** How many vaults one agent can have created. Default: 10. An organisation can set lower limits, of every kind. */
  readonly agentVaultsMax: number
  /** How many secrets one agent can have created. Default: 10000. */
  readonly agentSecretsMax: number
  /** How many shares one agent can have created. Default: 100. */
  readonly agentSharesMax: number
  /** How many policies one agent can have created. Default: 100. */
  readonly agentPoliciesMax: number
  /** What organisations can use, and what more costs. Null, the default: one tier without limits. */
  readonly tiers: Tiers | null
  /** US dollars for one unit of a currency or token, by symbol: `{ ETH: '3000' }`. Limits in dollars need them. Default: none. */
  readonly usdPrices: Readonly<Record<string, string>>
  /** Number of blocks after which a deposit is credited. The block of the deposit counts. Default: 12. */
  readonly depositConfirmations: number
  /** Finds the place of an IP address. Null, the default: risk events have no place. */
  readonly geo: Geo | null
  /** How long a deleted secret can be restored, before it is destroyed. Default: 30 days. */
  readonly keepDeletedMs: number
  /** The HSM unwraps the data key for every read, and the engine never keeps a data key in memory. Default: false. */
  readonly strictKeys: boolean
  /** Maximum bytes of heap for all caches: records, objects derived from them, tokens and data keys. */
  readonly cacheBytes: number
  /**
   * What the audit event of a read survives before the caller gets the answer: `disk` a crash of the machine, `os` only a
   * crash of the process. Writes always wait for the disk. Default: `disk`.
   */
  readonly auditSync: 'disk' | 'os'
  /**
   * How long audit events stay in the vault. Older segments are dropped once a copy of them was exported and verified. Null,
   * the default: for ever.
   */
  readonly auditKeepMs: number | null
  /** Which answers are checked against their schema: all of them, in tests and during development, or some. Default: `sampled`. */
  readonly checkOutputs: 'always' | 'sampled'
}

/** Structured logging. Fields never hold a secret. The log omits values that are not plain. */
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

/** The part of an event about a resource: its id, and details that hold no value of a secret. */
export interface About {
  readonly id?: string
  readonly [detail: string]: Json | undefined
}

/** An object that requires a permission. `P` are the permissions of its type. */
export interface Resource<P extends string = string> {
  readonly type: string
  /** Details about the resource for a denial in the audit trail. */
  readonly about: About
  /** Throws when the caller may not. Decides before anything says whether the resource exists. */
  authorize(context: Context, permission: P): void
}

/**
 * Decides about resources of one type. An area contributes it, so that the area with the resource does not depend on the area
 * that decides. `K` is the key of a resource.
 */
export interface Guard<K> {
  /** Throws when the caller may not. Decides before anything says whether the resource exists. */
  authorize(context: Context, key: K, permission: string): void
  /** Returns those keys for which the caller has the permission, in the same order. */
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

/** Decides about a proof. Returns the refusal, or null. The pipeline commits what it stages, also after a refusal. */
export type Confirmation = (context: Context, asked: AskedToConfirm) => PawlError | null

/** What the area that `agrees` decides about. */
export interface AskedToAgree {
  readonly actions: readonly { readonly action: string; readonly vaultId: string | null }[]
  readonly input: Readonly<Record<string, unknown>>
  readonly approvalId: string | undefined
  /** What people must know besides the input. */
  readonly about: () => Readonly<Record<string, Json>>
  /** The call that the engine can make later in the name of the caller. Default: only the caller can make it. */
  readonly request?: () => GovernedRequest | null
}

/** An operation that can need the agreement of people. */
export interface GovernedOperation {
  /** Whether its answer shows a secret. */
  readonly reveals: boolean
  /** The scope that an API key needs for it. */
  readonly scope: string
  perform(engine: Engine, input: object, origin: Origin): Promise<unknown>
}

/** A governed call as it came, without its proofs. */
export interface GovernedRequest {
  /** The name of the operation. */
  readonly operation: string
  readonly input: Json
}

/** The refusal of a call about which people have not agreed, or null. */
export type Agreement = (context: Context, asked: AskedToAgree) => PawlError | null

/**
 * A text that identifies the current rule of agreement about an action in the organisation of the unit. It changes with the rule.
 * Null: no policy governs the action. For changes without a call that can carry an agreement, such as a sign-in.
 */
export type RuleOn = (context: Pick<UnitContext, 'unit' | 'now' | 'crypto'>, action: string) => string | null

export interface AskedToConfirm {
  readonly purpose: string
  readonly proof: Secret<string> | undefined
  readonly isNeeded: (factors: Factors) => boolean
  readonly takesFreshSignIn: boolean
}

// --- Jobs

/** A kind of work. The engine can repeat `run`, which then finishes the work of an earlier run. */
export interface JobType<P extends Json> {
  readonly name: string
  run(engine: Engine, payload: P): Promise<void>
}

export interface Jobs {
  /** Stages a job in the unit that makes it necessary. Returns the id for `waitForJob`. */
  stage<P extends Json>(unit: Unit, type: Pick<JobType<P>, 'name'>, payload: P): string
  /** Runs one staged job now. A failed job stays, and the engine retries it later. */
  run(id: string): Promise<void>
  /** Runs the due jobs. Returns how many jobs succeeded. */
  runDue(): Promise<number>
}

/** Work that an engine repeats on its own clock. */
export interface ScheduledTask {
  readonly name: string
  readonly everyMs: number
  /** The engine runs the task once more before it closes. */
  readonly atClose?: true
  run(engine: Engine): Promise<void>
}

/** Replaces keys in the key store, and reports each vault with new keys. After an interruption, it can run again. */
export type RotateKeys = (engine: Engine, progress: () => void) => Promise<void>

// --- Cascades: what happens to records when the thing they refer to changes

/** The types of objects to which records of other areas refer. */
export type Subject = 'org' | 'user' | 'agent' | 'vault' | 'secret' | 'app' | 'connection'
export type Change = 'removed' | 'disabled' | 'rotated'
/** The types of objects whose creation an area can observe. */
export type Made = Subject | 'share'

/** What an area does to its own records when a subject changes. */
export interface Cascade {
  /** The reason why the change must not happen, or null. Nothing of the change is stored then. */
  refuses?(context: Pick<Context, 'unit' | 'now'>, id: string): PawlError | null
  /** Runs in the unit of the change, for the few records that must change at the same moment. */
  inUnit?(context: Pick<Context, 'unit' | 'now'>, id: string): void
  /** Runs as a job of the engine, for many records. After an interruption, the job runs again. */
  asJob?(engine: Engine, subject: { readonly org: string; readonly id: string }): Promise<void>
}

export type Cascades = Readonly<Partial<Record<Subject, Cascade>>>

// --- Listeners: what an area does after an event of the trail was committed

/** An event for listeners. A listener can receive an event twice, and recognises it by its id. */
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

/** The time since which an area listens in an organisation. Null: it does not listen, so the engine reads no trail for it. */
export type ListensSince = (engine: Engine, org: string) => Promise<number | null>

/**
 * Sees the events of one batch in one organisation. Callers wait for its synchronous part, and not for the promise that it
 * returns. After a crash, the engine does not repeat blocks. If an area must not miss an event, it also listens to the event.
 */
export type Watcher = (engine: Engine, org: string, block: AuditBlock) => Promise<void> | null
// --- Agents, as areas may know them that the area of agents does not know

/** The facts about an agent that determine the limits of other areas. */
export interface AgentFacts {
  readonly id: string
  readonly environment: string | null
  readonly settings: StoredSettings
}

/**
 * Runs in the unit that changes an agent, before the change is staged. Returns the refusal, or null. The pipeline commits what
 * it stages, also after a refusal.
 */
export type AgentChange = (context: Context, before: AgentFacts, after: AgentFacts) => PawlError | null

/** Fields that an area adds to agents in answers. */
export interface AgentAddition {
  readonly fields: Readonly<Record<string, z.ZodType>>
  /** The values of these agents, in their order. A field without a value is left out. */
  of(context: Context, agentIds: readonly string[]): readonly Readonly<Record<string, Json>>[]
}

// --- What calls take of the tier of an organisation

/** The fields of an operation that the meter needs. */
export interface MeteredOperation {
  readonly name: string
  readonly metered?: boolean | undefined
}

/** What one call uses of a tier. */
export interface Charge {
  /** Whether the call counts for the organisation in which its event is. */
  readonly countsHere: boolean
  /** Details of the charge for the audit event of the call. */
  readonly about: About
  /** Stages the counts and the payment. The pipeline calls it when the call succeeds. */
  stage(): void
}

/** Knows the tier of each organisation. Things are limited where they are made: see `onCreated`. */
export interface Meter {
  /** The charge of a successful call. Null: the call is free. Throws `payment_required` if nothing pays for it. */
  charge(context: Context, operation: MeteredOperation): Charge | null
  /** Throws `resource_limit_exceeded` if the tier of the organisation of the unit does not have the feature. */
  requireFeature(context: UnitContext, feature: Feature): void
  /** Counts a signature, in the unit that decides about it. Throws `payment_required` if nothing pays for it. */
  countSignature(context: UnitContext, signature: CountedSignature): void
  /** Throws what `countSignature` would throw now. Stages nothing. */
  requireSignature(context: UnitContext, signature: CountedSignature): void
  /** Stages a payment that the caller has made for this call as credits of its organisation. */
  fund(context: UnitContext, paid: Payment): void
}

export interface CountedSignature {
  readonly agentId: string
  /** Millionths of a dollar that the transaction moves. Null: unknown, because a price is missing. */
  readonly usdMicros: () => bigint | null
}

// --- Calls that are paid one by one

/** A payment that the caller shows for a call. */
export interface CallPayment {
  /** The part that pays for the request, as the meter counts it. Null: the request has room in the tier. */
  readonly paid: Payment | null
  /** The part that becomes credits, which pay for what the handler needs. Null: it needs nothing. */
  readonly funds: Payment | null
  /** Uses the payment in the unit of the call, so that it pays once. False: it must be collected first. */
  use(context: Context): boolean
  /** Claims the payment, then collects it. Throws the refusal of the call. */
  collect(engine: Engine): Promise<void>
}

/** The fields of an operation that the payment area needs. */
export interface PaidOperation {
  readonly name: string
  readonly http?: { readonly method: string; readonly path: string }
}

/**
 * The engine asks it when the tier has no room for a call. Throws `payment_required` with the ways to pay if the caller shows no
 * payment. Null: there is no way to pay.
 */
export type Payments = (
  context: Context,
  operation: PaidOperation,
  input: unknown,
  price: CallPrice,
) => CallPayment | null

/** A payment covers both parts. */
export interface CallPrice {
  /**
   * The request over the limit, with the price of the tier, if it has one. The operator can set another price for the operation.
   * Null: the request has room in the tier.
   */
  readonly request: { readonly usd: string | null } | null
  /** What the handler needs in US dollars, such as the fee of a signature. It follows from what the call moves. */
  readonly feeUsd: string | null
}

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
 * Carries out a decision of a human, in the unit of the decision. It checks everything before it stages anything. The engine
 * stores its error with the approval. For an outgoing call, it stages a job.
 */
export interface CarriesOut {
  approved(context: UnitContext, approved: Approved): void
  rejected?(context: UnitContext, rejected: Approved): void
}

// --- Transactions of agents that another account makes

/** The request of an agent, for an area that makes transactions with another account. */
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
 * Stages that another account makes the transaction of an agent, such as a treasury. The caller gets its refusal as an error.
 * The pipeline commits what it stages, also after a refusal.
 */
export type TransactionMode = (context: Context, asked: AskedInMode) => BegunInMode | { readonly refused: PawlError }

// --- What areas have declared for each other

/** What the operations of an audit action do. A `reveal` is a read that shows the value of a secret or takes data away. */
export type ActionEffect = 'read' | 'reveal' | 'write'

export interface JoinedAreas {
  guard(type: string): AnyGuard
  readonly admissions: readonly Admission[]
  /** Decides how a caller can pay for a call that the tier has no room for. */
  readonly payments: Payments | null
  /** Decides whether a user has confirmed who they are. */
  readonly confirm: Confirmation
  readonly agree: Agreement
  readonly ruleOn: RuleOn
  /** The actions that a policy can govern, such as `policy.create`. */
  readonly governed: readonly string[]
  /** The operation of a governed call. Null: there is none with this name. */
  governedOperation(name: string): GovernedOperation | null
  /** What a user can be asked to confirm. */
  readonly purposes: readonly string[]
  cascades(change: Change, subject: Subject): readonly Cascade[]
  onCreated(made: Made): readonly ((context: Context, id: string) => void)[]
  /** The settings of an agent, of all areas. */
  readonly agentSettings: AgentSettings
  /** Decides what calls use of the tier of an organisation. */
  readonly meter: Meter | null
  /** Every `onAgentChange`. */
  readonly agentChanges: readonly AgentChange[]
  readonly agentAdditions: readonly AgentAddition[]
  /** The area that carries out an action after the decision of a human. */
  carriesOut(action: string): CarriesOut | null
  /** The area that makes transactions of agents in this mode. */
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
  /** The audit actions of all operations, and what the operations do. */
  readonly actions: ReadonlyMap<string, ActionEffect>
}
