import { tiersProblem } from '../areas/billing/index.ts'
import { cacheBytesDefault } from '../kernel/budget.ts'
import { didYouMean } from '../kernel/did-you-mean.ts'
import { day } from '../kernel/time.ts'
import type { Area, Around, Log, Settings } from '../operations/index.ts'
import type { AuditSink } from '../ports/audit-sink.ts'
import type { Billing } from '../ports/billing.ts'
import type { Bundlers } from '../ports/bundler.ts'
import type { Chains } from '../ports/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Egress, EgressStreaming } from '../ports/egress.ts'
import type { Facilitators } from '../ports/facilitator.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Mailer } from '../ports/mailer.ts'
import type { Model } from '../ports/model.ts'
import type { Bankr, FiatRamp, MoneyServices, Swaps } from '../ports/money.ts'
import type { PolicyEngine } from '../ports/policy-engine.ts'
import type { Random } from '../ports/random.ts'
import { noMailer } from '../ports/reference/index.ts'
import { type ContentDetector, modelNamesIn, type ShroudPlugins } from '../ports/shroud.ts'
import type { Exclusive, GroupCommit, Shrinking, Storage } from '../ports/storage.ts'
import type { KeyStoresGiven } from './key-stores.ts'

export interface PawlOptions<Areas extends readonly Area[] = readonly Area[]>
  extends Partial<Omit<Settings, 'mail' | 'moneyServices' | 'modelPlugins'>> {
  /** Where records live. Not trusted: it sees sealed bodies and index keys. */
  readonly storage: Storage & Partial<GroupCommit & Exclusive & Shrinking>
  /** Where keys live. */
  readonly hsm: Hsm
  /**
   * Key stores of organisations, by name, for the wrapping keys of their vaults. Without `orgs`, a key store is for the
   * first organisation only. A vault in a key store that is away is sealed, and other vaults work. Default: none.
   *
   * @example
   * const pawl = await createPawl({ storage, hsm, keyStores: { acme: pkcs11({ uri }) } })
   * await owner.vaults.create({ name: 'prod', key_store: 'acme' })
   */
  readonly keyStores?: KeyStoresGiven
  /** Default: JavaScript, which runs everywhere. `nodeCrypto()` of `@pawl/adapters/crypto/node` is faster, with the same bytes. */
  readonly crypto?: Crypto
  /** Default: the random numbers of the runtime. */
  readonly random?: Random
  /** Default: the clock of the system. */
  readonly clock?: Clock
  /** Sends mail, such as invitations. Default: none, so that operations that need mail are refused. */
  readonly mailer?: Mailer
  /** Makes outgoing calls. Shroud needs one that streams. Default: none, so that no call leaves. */
  readonly egress?: Egress & Partial<EgressStreaming>
  /**
   * The nodes of chains. Default: none, so that transactions are signed but neither simulated nor sent.
   *
   * @example
   * const pawl = await createPawl({ storage, hsm, chains: (facts) => evmChain({ egress, urls, facts }) })
   */
  readonly chains?: Chains
  /**
   * Bundlers, and paymasters, for the smart accounts of agents. Default: none, so that the mode `smart_account` is refused.
   *
   * @example
   * const pawl = await createPawl({ storage, hsm, bundlers: (facts) => jsonRpcBundler({ egress, url, facts }) })
   */
  readonly bundlers?: Bundlers
  /**
   * Check and settle payments of the x402 protocol. Default: none, so that no payment is accepted.
   *
   * @example
   * const pawl = await createPawl({ storage, hsm, facilitators: (url) => httpFacilitator({ url, egress }) })
   */
  readonly facilitators?: Facilitators
  /**
   * Services of others that wallets can use: quotes for swaps, a page that sells coins, keys of Bankr wallets. Default: none.
   *
   * @example
   * const pawl = await createPawl({ storage, hsm, moneyServices: { swaps: { quote: (wanted) => askMyAggregator(wanted) } } })
   */
  readonly moneyServices?: MoneyServices
  /** Detectors, classifiers and model providers beside those of Shroud. Default: none. */
  readonly shroud?: ShroudPlugins
  /** The engine asks it about every access that the policies of Pawl allow. It can only refuse. Default: none. */
  readonly policyEngine?: PolicyEngine
  /** Receives every event of the audit trail. Default: none. */
  readonly auditSink?: AuditSink
  /** Takes money for tiers and credits. Default: nothing can be bought. */
  readonly billing?: Billing
  /** Receives warnings and errors of the engine, without secrets. Default: none. */
  readonly log?: Log
  /** Wraps every operation, job and scheduled task, for metrics and traces. Default: none. */
  readonly around?: Around
  /** Whether the engine runs due jobs and scheduled tasks. Default: true. If false, your program calls `runJobs()`. */
  readonly background?: boolean
  /** Areas beside our own. Default: none. */
  readonly areas?: Areas
}

const keepDeletedMsDefault = 30 * day

const moneyServiceNames = ['swaps', 'fiatRamp', 'bankr'] as const

/** The settings of the options, with their defaults. */
export function settingsOf(options: PawlOptions): Settings {
  return {
    publicUrl: (options.publicUrl ?? 'http://127.0.0.1:8210').replace(/\/+$/, ''),
    mail: options.mailer !== undefined && options.mailer !== noMailer,
    moneyServices: moneyServiceNames.filter((name) => options.moneyServices?.[name] !== undefined),
    signUp: options.signUp ?? 'closed',
    identityProviders: options.identityProviders ?? [],
    modelProviders: options.modelProviders ?? {},
    modelPrices: options.modelPrices ?? {},
    modelPlugins: modelNamesIn(options.shroud ?? {}),
    passwordCost: options.passwordCost ?? { memoryKib: 19_456, passes: 2, lanes: 1 },
    rateLimits: options.rateLimits ?? true,
    agentVaultsMax: options.agentVaultsMax ?? 10,
    agentSecretsMax: options.agentSecretsMax ?? 10_000,
    agentSharesMax: options.agentSharesMax ?? 100,
    agentPoliciesMax: options.agentPoliciesMax ?? 100,
    tiers: tiersOf(options.tiers ?? null),
    usdPrices: usdPrices(options.usdPrices ?? {}),
    depositConfirmations: options.depositConfirmations ?? 12,
    geo: options.geo ?? null,
    keepDeletedMs: options.keepDeletedMs ?? keepDeletedMsDefault,
    strictKeys: options.strictKeys ?? false,
    cacheBytes: options.cacheBytes ?? cacheBytesDefault,
    auditSync: options.auditSync ?? 'disk',
    auditKeepMs: options.auditKeepMs ?? null,
    checkOutputs: options.checkOutputs ?? 'sampled',
  }
}

type Check = (value: unknown) => string | null
type ObjectOf<T> = Extract<NonNullable<T>, object>

const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'must be an object'
const isFunction: Check = (value) => (typeof value === 'function' ? null : 'must be a function')
const isBoolean: Check = (value) => (typeof value === 'boolean' ? null : 'must be true or false')
const isNumber: Check = (value) => (typeof value === 'number' && value >= 0 ? null : 'must be a number, 0 or more')
const isWhole: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? null : 'must be a whole number, 0 or more'
const isArray: Check = (value) => (Array.isArray(value) ? null : 'must be an array')
const arrayOf =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return isArray(value)
    const problem = value.map(check).find((one) => one !== null)
    return problem === undefined ? null : `${problem} in each entry`
  }
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value)
const oneOf =
  (...allowed: readonly [string, string]): Check =>
  (value) =>
    allowed.some((one) => one === value) ? null : `must be ${allowed.join(' or ')}`

/** The calls that the port must have. */
function port<T>(...calls: readonly (keyof ObjectOf<T> & string)[]): Check {
  return (value) => {
    const given = Object(value) as Readonly<Record<string, unknown>>
    const missing = calls.find((call) => typeof given[call] !== 'function')
    return missing === undefined ? null : `must have ${missing}()`
  }
}

const isHsm = port<Hsm>('createKey', 'publicKey', 'sign', 'wrap', 'unwrap', 'destroyKey', 'status', 'close')

const isKeyStore: Check = (value) => {
  const { hsm = value, orgs = [] } = Object(value) as Readonly<Record<string, unknown>>
  const isList = Array.isArray(orgs) && orgs.every((org) => typeof org === 'string')
  return isHsm(hsm) ?? (isList ? null : 'must have an array of IDs in orgs')
}

const isClassifierChoice: Check = (value) =>
  typeof Object(Object(value).classifier).classify === 'function' ? null : 'must have classifier.classify()'

/** One check for each option, so that an option without a check does not compile. */
const checks: { readonly [Name in keyof Required<PawlOptions>]: Check } = {
  storage: port<Storage>('setup', 'get', 'scan', 'commit', 'close'),
  hsm: isHsm,
  keyStores: isObject,
  crypto: port<Crypto>('encrypt', 'decrypt', 'argon2id'),
  random: port<Random>('bytes'),
  clock: port<Clock>('now'),
  mailer: port<Mailer>('send'),
  egress: port<Egress>('fetch'),
  chains: isFunction,
  bundlers: isFunction,
  facilitators: isFunction,
  moneyServices: isObject,
  shroud: isObject,
  policyEngine: orNull(port<PolicyEngine>('evaluate')),
  auditSink: orNull(port<AuditSink>('deliver')),
  billing: orNull(port<Billing>('checkout', 'portal', 'cancel', 'readEvent')),
  log: isFunction,
  around: isFunction,
  background: isBoolean,
  areas: (value) => {
    if (!Array.isArray(value)) return isArray(value)
    const isArea = (one: Partial<Area> | null) => typeof one?.name === 'string' && isObject(one.operations) === null
    return value.every(isArea) ? null : 'must contain areas, as area() makes them'
  },
  publicUrl: (value) =>
    typeof value === 'string' && /^https?:\/\/[^/]/i.test(value) && URL.canParse(value)
      ? null
      : 'must be a URL that begins with https:// or http://',
  signUp: (value) =>
    value === 'closed' || value === 'open' || Array.isArray(value)
      ? null
      : 'must be closed, open or an array of domains',
  identityProviders: isArray,
  modelProviders: isObject,
  modelPrices: isObject,
  passwordCost: (value) => {
    const { memoryKib, passes, lanes } = Object(value) as Readonly<Record<string, number>>
    const isCost = [memoryKib, passes, lanes].every(Number.isSafeInteger)
    // The least that Argon2 takes.
    const isEnough = Number(passes) >= 1 && Number(lanes) >= 1 && Number(memoryKib) >= 8 * Number(lanes)
    if (isCost && isEnough) return null
    return 'must have memoryKib, passes and lanes: whole numbers, at least 1 pass, 1 lane and 8 KiB for each lane'
  },
  rateLimits: isBoolean,
  agentVaultsMax: isNumber,
  agentSecretsMax: isNumber,
  agentSharesMax: isNumber,
  agentPoliciesMax: isNumber,
  tiers: orNull(isObject),
  usdPrices: isObject,
  depositConfirmations: isWhole,
  geo: orNull(isObject),
  keepDeletedMs: isNumber,
  strictKeys: isBoolean,
  cacheBytes: isNumber,
  auditSync: oneOf('disk', 'os'),
  auditKeepMs: orNull(isNumber),
  checkOutputs: oneOf('always', 'sampled'),
}

/** The checks of the parts of an option, which a misspelt name would leave out. */
const shroudChecks: { readonly [Name in keyof Required<ShroudPlugins>]: Check } = {
  detectors: arrayOf(port<ContentDetector>('detect')),
  classifiers: arrayOf(isClassifierChoice),
  models: arrayOf(port<Model>('models', 'complete')),
}

const moneyServiceChecks: { readonly [Name in keyof Required<MoneyServices>]: Check } = {
  swaps: port<Swaps>('quote'),
  fiatRamp: port<FiatRamp>('onramp', 'offramp'),
  bankr: port<Bankr>('lease', 'revoke'),
}

const needed = {
  storage: 'a storage, such as sqlite() of @pawl/adapters/storage/sqlite',
  hsm: 'a key store, such as softwareHsm() of @pawl/adapters/hsm/software',
} as const

/**
 * Throws a `TypeError` for an option that is missing, unknown or of another type. A program in JavaScript has no compiler,
 * and a misspelt `policyEngine` or `auditSink` would protect nothing.
 */
export function checkOptions(options: PawlOptions | undefined): void {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  for (const [name, example] of Object.entries(needed)) {
    const isGiven = given.some(([one]) => one === name)
    if (!isGiven) throw new TypeError(`createPawl: the option ${name} is missing. Pass ${example}.`)
  }
  checkGiven('', given, checks)
  const { shroud = {}, moneyServices = {}, keyStores = {} } = options ?? {}
  checkGiven('shroud.', Object.entries(shroud), shroudChecks)
  checkGiven('moneyServices.', Object.entries(moneyServices), moneyServiceChecks)
  const keyStoreChecks = Object.fromEntries(Object.keys(keyStores).map((name) => [name, isKeyStore]))
  checkGiven('keyStores.', Object.entries(keyStores), keyStoreChecks)
}

function checkGiven(
  path: string,
  given: readonly (readonly [string, unknown])[],
  known: Readonly<Record<string, Check>>,
): void {
  for (const [name, value] of given) {
    const check = Object.hasOwn(known, name) ? known[name] : undefined
    if (!check) {
      const hint = didYouMean(name, Object.keys(known), (one) => `${path}${one}`)
      throw new TypeError(`createPawl: there is no option ${path}${name}${hint}`)
    }
    const problem = value === undefined ? null : check(value)
    if (problem !== null) throw new TypeError(`createPawl: the option ${path}${name} ${problem}.`)
  }
}

/** A limit that is misspelt would limit nothing, so it opens no engine. */
function tiersOf(given: Settings['tiers']): Settings['tiers'] {
  const problem = given === null ? null : tiersProblem(given)
  if (problem !== null) throw new TypeError(`The option tiers is invalid: ${problem}`)
  return given
}

/** A price that cannot be read would let a limit in dollars count wrongly, so it opens no engine. */
function usdPrices(given: Settings['usdPrices']): Settings['usdPrices'] {
  const isPrice = (price: unknown) => typeof price === 'string' && /^(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/.test(price)
  const unreadable = Object.entries(given).find(([, price]) => !isPrice(price))
  if (unreadable) {
    const rule = 'must have decimal numbers in strings, such as "0.5"'
    throw new TypeError(`createPawl: the option usdPrices ${rule}. The price of ${unreadable[0]} has none.`)
  }
  return given
}
