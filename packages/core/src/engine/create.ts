import { sinkLag } from '../areas/audit/index.ts'
import { setOwnerPassword } from '../areas/auth/index.ts'
import { addOrg, type FirstOwner, firstOwner } from '../areas/orgs/index.ts'
import { currentSettings } from '../areas/settings/index.ts'
import { promptStatus } from '../areas/vaults/index.ts'
import type { PawlClient } from '../client/areas/index.ts'
import {
  type Area,
  type ClientOfAreas,
  type Origin,
  type Performable,
  perform,
  type RawInput,
  type Registry,
  type Settings,
} from '../operations/index.ts'
import type { Hsm, HsmStatus } from '../ports/hsm.ts'
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
import type { Storage } from '../ports/storage.ts'
import { inProcessClients } from './in-process-client.ts'
import { type Abilities, joinAreas, ownAbilities } from './join-areas.ts'
import { closeKeyStores, keyStoresOf } from './key-stores.ts'
import { startLifecycle } from './lifecycle.ts'
import { checkOptions, type PawlOptions, settingsOf } from './options.ts'
import { type Progress, rotateEverything } from './rotate-keys.ts'

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
  /**
   * Creates the first organisation and its owner. If they exist, returns them, also if their e-mail address is another.
   *
   * @example
   * const owner = pawl.as(await pawl.firstOwner({ email: 'you@example.com' }))
   */
  firstOwner(wanted: FirstOwner): Promise<{ user: string; org: string; created: boolean }>
  /**
   * Sets the password of the first owner, who may have none or have lost it; null when there is no owner yet. It revokes
   * the owner's tokens and leaves an audit event.
   *
   * @example
   * await pawl.setOwnerPassword('Correct-Horse-1815')
   */
  setOwnerPassword(password: string): Promise<{ email: string } | null>
  /**
   * Creates another organisation and its owner, for each tenant of your program. Store the IDs.
   *
   * @throws `email_taken`: Another user already has this e-mail address.
   *
   * @example
   * const { user, org } = await pawl.addOrg({ email: 'ada@customer.example', orgName: 'Customer' })
   */
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
  /**
   * Finishes the accepted calls, then closes the store and the key store. Later calls fail with `closed`.
   *
   * @example
   * process.once('SIGTERM', () => server.close(() => pawl.close()))
   */
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
    checkOptions(options)
    const { areas: added = [] } = options
    const abilities = added.length === 0 ? ownAbilities : joinAreas(added)
    await options.storage.setup()
    // The registry that was joined has the operations of these areas, which the compiler cannot know.
    return (await openPawl(options, abilities)) as Pawl<PawlClient & ClientOfAreas<Areas>>
  } catch (error) {
    await closeAll(options)
    throw error
  }
}

/** Also of options that are invalid, which may lack a part or its `close()`. */
async function closeAll(options: Partial<PawlOptions> | null | undefined): Promise<void> {
  const { storage, hsm, keyStores } = options ?? {}
  const close = async (one?: Partial<Storage | Hsm>) => one?.close?.()
  await Promise.allSettled([close(storage), close(hsm), closeKeyStores(keyStores)])
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

export function originOf(who: Who): Origin {
  if (typeof who === 'string') return { bearer: who }
  if (typeof who === 'object' && who !== null) {
    if (!('user' in who || 'agent' in who)) return who
    if (typeof ('user' in who ? who.user : who.agent) === 'string') return { trusted: who }
  }
  throw new TypeError('as() takes a credential, { user: id } or { agent: id }, or the origin of a request.')
}
