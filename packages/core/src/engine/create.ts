import { sinkLag } from '../areas/audit/index.ts'
import { setOwnerPassword } from '../areas/auth/index.ts'
import { tiersProblem } from '../areas/billing/index.ts'
import { addOrg, type FirstOwner, firstOwner } from '../areas/orgs/index.ts'
import { currentSettings } from '../areas/settings/index.ts'
import { promptStatus } from '../areas/vaults/index.ts'
import type { PawlClient } from '../client/areas/index.ts'
import { cacheBytesDefault } from '../kernel/budget.ts'
import { day } from '../kernel/time.ts'
import {
  type Area,
  type Around,
  type ClientOfAreas,
  type Log,
  type Origin,
  type Performable,
  perform,
  type RawInput,
  type Registry,
  type Settings,
} from '../operations/index.ts'
import type { AuditSink } from '../ports/audit-sink.ts'
import type { Billing } from '../ports/billing.ts'
import type { Bundlers } from '../ports/bundler.ts'
import type { Chains } from '../ports/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Egress, EgressStreaming } from '../ports/egress.ts'
import type { Facilitators } from '../ports/facilitator.ts'
import type { Hsm, HsmStatus } from '../ports/hsm.ts'
import type { Mailer } from '../ports/mailer.ts'
import type { MoneyServices } from '../ports/money.ts'
import type { PolicyEngine } from '../ports/policy-engine.ts'
import type { Random } from '../ports/random.ts'
import {
  noBundlers,
  nobleCrypto,
  noChains,
  noEgress,
  noFacilitators,
  noMailer,
  systemClock,
  systemRandom,
} from '../ports/reference/index.ts'
import { modelNamesIn, type ShroudPlugins } from '../ports/shroud.ts'
import type { Exclusive, GroupCommit, Shrinking, Storage } from '../ports/storage.ts'
import { inProcessClients } from './in-process-client.ts'
import { type Abilities, joinAreas, ownAbilities } from './join-areas.ts'
import { closeKeyStores, type KeyStoresGiven, keyStoresOf } from './key-stores.ts'
import { startLifecycle } from './lifecycle.ts'
import { type Progress, rotateEverything } from './rotate-keys.ts'

export interface PawlOptions<Areas extends readonly Area[] = readonly Area[]>
  extends Partial<Omit<Settings, 'mail' | 'moneyServices' | 'modelPlugins'>> {
  /** Where records live. Not trusted: it sees sealed bodies and index keys. */
  readonly storage: Storage & Partial<GroupCommit & Exclusive & Shrinking>
  /** Where keys live. */
  readonly hsm: Hsm
  /**
   * Key stores of organisations, by name, for the wrapping keys of their vaults. Without `orgs`, a key store is for the
   * first organisation only. A vault in a key store that is away is sealed, and other vaults work.
   *
   * @example
   * const pawl = await createPawl({ storage, hsm, keyStores: { acme: pkcs11({ uri }) } })
   * await owner.vaults.create({ name: 'prod', key_store: 'acme' })
   */
  readonly keyStores?: KeyStoresGiven
  readonly crypto?: Crypto
  readonly random?: Random
  readonly clock?: Clock
  readonly mailer?: Mailer
  /** Shroud needs one that streams. */
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
  /** Detectors, classifiers and model providers beside those of Shroud. */
  readonly shroud?: ShroudPlugins
  /** The engine asks it about every access that the policies of Pawl allow. It can only refuse. */
  readonly policyEngine?: PolicyEngine
  /** Receives every event of the audit trail. */
  readonly auditSink?: AuditSink
  /** Takes money for tiers and credits. Default: nothing can be bought. */
  readonly billing?: Billing
  readonly log?: Log
  /** Wraps every operation, job and scheduled task, for metrics and traces. */
  readonly around?: Around
  /** Whether the engine runs due jobs and scheduled tasks. Off: your program calls `runJobs()`. */
  readonly background?: boolean
  /** Areas beside our own. */
  readonly areas?: Areas
}

/** The caller: a credential as text, a trusted user or agent inside this process, or the origin of a request. */
export type Who = string | { readonly user: string } | { readonly agent: string } | Origin

/** A running engine. Callers get a `PawlClient`, with more operations if areas are added. */
export interface Pawl<Client extends PawlClient = PawlClient> {
  /**
   * The operations, for one caller.
   *
   * @example
   * const owner = pawl.as({ user: id })
   * const vault = await owner.vaults.create({ name: 'prod' })
   */
  as(who: Who): Client
  /** Creates the first organisation and its owner. If they exist, returns them. */
  firstOwner(wanted: FirstOwner): Promise<{ user: string; org: string; created: boolean }>
  /**
   * Sets the password of the first owner, who may have none or have lost it; null when there is no owner yet. It revokes
   * the owner's tokens and leaves an audit event.
   *
   * @example
   * await pawl.setOwnerPassword('Correct-Horse-1815')
   */
  setOwnerPassword(password: string): Promise<{ email: string } | null>
  /** Makes another organisation and its owner, for embedders who have tenants. */
  addOrg(owner: FirstOwner): Promise<{ user: string; org: string }>
  /**
   * Performs any operation, for surfaces: the input is not trusted, the origin is. An input given as a function is read
   * once the limits allow the call.
   */
  perform<I, O>(operation: Performable<I, O>, input: RawInput, origin: Origin): Promise<O>
  readonly registry: Registry
  /** The settings with which this engine was opened. */
  readonly settings: Settings
  /**
   * The settings as they count now. What an operator has stored (`admin.updateSetting`) wins over the options.
   *
   * @example
   * const { signUp } = await pawl.currentSettings()
   */
  currentSettings(): Promise<Settings>
  status(): Promise<{
    hsm: HsmStatus
    hsmProvider: string
    /** The key stores of organisations. */
    keyStores: readonly { name: string; provider: string; status: HsmStatus }[]
    /** Number of events that the audit sink has not acknowledged. Null without a sink, and while the vault is sealed. */
    auditSinkLag: number | null
  }>
  /** Runs the due scheduled tasks and jobs. Returns how many jobs succeeded. */
  runJobs(): Promise<number>
  /** Replaces every key in the key store, while the vault is in use. Resolves when nothing needs the old keys. */
  rotateKeys(progress?: Progress): Promise<void>
  /** Resolves when the vault is open: at once, unless it starts sealed. */
  opened(): Promise<void>
  /** Ends the wait of every call that waits for changes, now and later. Call it before your server stops. */
  stopWaiting(): void
  /**
   * Finishes the accepted calls, then seals the key store and wipes all keys from memory. Until the vault is unsealed, every
   * operation except those about its health and its seal fails with `sealed`.
   */
  seal(): Promise<void>
  /** Finishes the accepted calls, then closes the store and the key store. */
  close(): Promise<void>
}

/**
 * Opens an engine on a store and a key store. The engine owns both: to close the engine closes both. If the engine fails to
 * open, it closes both too, so that your program can open them again.
 *
 * @example
 * const pawl = await createPawl({ storage: sqlite({ path: 'vault.db' }), hsm: softwareHsm({ path: 'keys', root }) })
 * const { user } = await pawl.firstOwner({ email: 'you@example.com' })
 */
export async function createPawl<const Areas extends readonly Area[] = readonly []>(
  options: PawlOptions<Areas>,
): Promise<Pawl<PawlClient & ClientOfAreas<Areas>>> {
  try {
    const { areas: added = [] } = options
    const abilities = added.length === 0 ? ownAbilities : joinAreas(added)
    await options.storage.setup()
    // The registry that was joined has the operations of these areas, which the compiler cannot know.
    return (await openPawl(options, abilities)) as Pawl<PawlClient & ClientOfAreas<Areas>>
  } catch (error) {
    await Promise.allSettled([options.storage.close(), options.hsm.close(), closeKeyStores(options.keyStores)])
    throw error
  }
}

async function openPawl(options: PawlOptions, abilities: Abilities): Promise<Pawl> {
  const { storage, hsm, crypto = nobleCrypto, random = systemRandom, clock = systemClock, log = () => {} } = options
  const { mailer = noMailer, egress = noEgress, chains = noChains, facilitators = noFacilitators } = options
  const { background = true, moneyServices = {}, shroud = {}, bundlers = noBundlers } = options
  const { policyEngine = null, auditSink = null, billing = null, around = (_, __, work) => work() } = options
  const settings = settingsOf(options)
  const { registry } = abilities
  const keyStores = keyStoresOf(options.keyStores)
  const parts = {
    storage,
    hsm,
    keyStores,
    crypto,
    random,
    clock,
    log,
    around,
    ...{ mailer, egress, chains, bundlers, facilitators, moneyServices, shroud },
    ...{ policyEngine, auditSink, billing },
    settings,
    background,
    abilities,
  }
  const vault = await startLifecycle(parts)
  const ask: Pawl['perform'] = (operation, input, origin) =>
    around('operation', operation.name, () => vault.use((engine) => perform(engine, operation, input, origin)))
  const clientFor = inProcessClients(registry, ask)
  return {
    as: (who) => clientFor(originOf(who)) as unknown as PawlClient,
    firstOwner: (wanted) => vault.useOpen((engine) => firstOwner(engine, wanted)),
    setOwnerPassword: (password) => vault.useOpen((engine) => setOwnerPassword(engine, password)),
    addOrg: (owner) => vault.useOpen((engine) => addOrg(engine, owner)),
    perform: ask,
    registry,
    settings,
    currentSettings: () =>
      vault.use(async (engine) => {
        if (engine.isSealed) return settings
        const stored = await engine.records.transact((unit) => currentSettings({ unit, settings }))
        return { ...settings, ...stored }
      }),
    status: async () => ({
      hsm: await hsm.status(),
      hsmProvider: hsm.provider,
      keyStores: await Promise.all(
        [...keyStores].map(async ([name, one]) => ({
          name,
          provider: one.hsm.provider,
          status: await promptStatus(parts, name),
        })),
      ),
      auditSinkLag: await vault.use(async (engine) => (engine.isSealed ? null : sinkLag(engine))),
    }),
    runJobs: () => vault.runDue(),
    rotateKeys: (progress = () => {}) =>
      vault.useOpen((engine) => rotateEverything(engine, abilities.rotateKeys, storage, progress)),
    opened: () => vault.opened(),
    stopWaiting: () => vault.stopWaiting(),
    seal: () => vault.seal(),
    close: () => vault.close(),
  }
}

const keepDeletedMsDefault = 30 * day

const moneyServiceNames = ['swaps', 'fiatRamp', 'bankr'] as const

function settingsOf(options: PawlOptions): Settings {
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

/** A limit that is misspelt would limit nothing, so it opens no engine. */
function tiersOf(given: Settings['tiers']): Settings['tiers'] {
  const problem = given === null ? null : tiersProblem(given)
  if (problem !== null) throw new TypeError(`The option tiers is invalid: ${problem}`)
  return given
}

/** A price that cannot be read would let a limit in dollars count wrongly, so it opens no engine. */
function usdPrices(given: Settings['usdPrices']): Settings['usdPrices'] {
  const unreadable = Object.entries(given).find(([, price]) => !/^(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/.test(price))
  if (unreadable)
    throw new TypeError(`The price of ${unreadable[0]} must be a decimal number in a string, such as "0.5".`)
  return given
}

export function originOf(who: Who): Origin {
  if (typeof who === 'string') return { bearer: who }
  return 'user' in who || 'agent' in who ? { trusted: who } : who
}
