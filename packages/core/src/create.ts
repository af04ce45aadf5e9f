import { authenticate } from './areas/auth/index.ts'
import { addOrg, type FirstOwner, firstOwner } from './areas/orgs/index.ts'
import { choreList } from './chores.ts'
import { openKeyring } from './crypto/keyring.ts'
import { jobTypes } from './job-types.ts'
import { second } from './kernel/time.ts'
import { kinds } from './kinds.ts'
import {
  type AnyOperation,
  type ClientOf,
  chores,
  type Engine,
  jobs,
  type Log,
  type Origin,
  type Performable,
  perform,
  type Registry,
  type Settings,
} from './operations/index.ts'
import type { Clock } from './ports/clock.ts'
import type { Crypto } from './ports/crypto.ts'
import type { Egress } from './ports/egress.ts'
import type { Hsm, HsmStatus } from './ports/hsm.ts'
import type { Mailer } from './ports/mailer.ts'
import type { Random } from './ports/random.ts'
import { nobleCrypto, noEgress, noMailer, systemClock, systemRandom } from './ports/reference/index.ts'
import type { BatchRead, Exclusive, GroupCommit, Storage } from './ports/storage.ts'
import { openRecords } from './records/index.ts'
import { registry } from './registry.ts'
import { type Progress, rotateEverything } from './rotate.ts'

export interface PawlOptions extends Partial<Settings> {
  /** Where records live. Not trusted: it sees sealed bodies and index keys. */
  readonly storage: Storage & Partial<GroupCommit & BatchRead & Exclusive>
  /** Where keys live. */
  readonly hsm: Hsm
  readonly crypto?: Crypto
  readonly random?: Random
  readonly clock?: Clock
  readonly mailer?: Mailer
  readonly egress?: Egress
  readonly log?: Log
  /** Whether due jobs and chores run by themselves. Off, `runJobs()` runs them. */
  readonly background?: boolean
}

/** Who a call is made for: the text of a credential, somebody inside this process who is trusted, or all a request shows. */
export type Who = string | { readonly user: string } | { readonly agent: string } | Origin

/** A running engine. */
export interface Pawl {
  /**
   * The operations, for one caller.
   *
   * @example
   * const owner = pawl.as({ user: id })
   * const vault = await owner.vaults.create({ name: 'prod' })
   */
  as(who: Who): ClientOf<typeof registry>
  /** Makes the first organisation and its owner, or answers the one that is there. */
  firstOwner(wanted: FirstOwner): Promise<{ user: string; org: string; created: boolean }>
  /** Makes another organisation and its owner, for embedders who have tenants. */
  addOrg(owner: FirstOwner): Promise<{ user: string; org: string }>
  /** Performs any operation, for surfaces: the input is not trusted, the origin is. */
  perform<I, O>(operation: Performable<I, O>, input: unknown, origin: Origin): Promise<O>
  readonly registry: Registry
  readonly settings: Settings
  status(): Promise<{ hsm: HsmStatus; hsmProvider: string }>
  /** Runs what is due, chores and the outbox; answers how many jobs were done. */
  runJobs(): Promise<number>
  /** Replaces every key in the key store, while the vault is used. Answers when nothing needs the old ones any more. */
  rotateKeys(progress?: Progress): Promise<void>
  /** Finishes what was accepted, then closes the store and the key store. */
  close(): Promise<void>
}

const jobsEveryMs = 5 * second

/**
 * Opens an engine on a store and a key store. It has them from then on: closing the engine closes both, and so does a
 * failure to open it, so that they can be opened again.
 *
 * @example
 * const pawl = await createPawl({ storage: sqlite({ path: 'vault.db' }), hsm: softwareHsm({ path: 'keys', root }) })
 * const { user } = await pawl.firstOwner({ email: 'you@example.com' })
 */
export async function createPawl(options: PawlOptions): Promise<Pawl> {
  try {
    await options.storage.setup()
    return await openPawl(options)
  } catch (error) {
    await Promise.allSettled([options.storage.close(), options.hsm.close()])
    throw error
  }
}

async function openPawl(options: PawlOptions): Promise<Pawl> {
  const { storage, hsm, crypto = nobleCrypto, random = systemRandom, clock = systemClock, log = () => {} } = options
  const keyring = await openKeyring(storage, hsm, crypto, random)
  const onStorageError = (error: unknown) => log('error', 'storage failed', { error })
  const records = await openRecords({ storage, keyring, crypto, random, clock, kinds, onStorageError })
  const engine: Engine = {
    records,
    crypto,
    hsm,
    random,
    log,
    mailer: options.mailer ?? noMailer,
    egress: options.egress ?? noEgress,
    settings: settingsOf(options),
    jobs: jobs(() => engine, jobTypes),
    auditKey: (org) => keyring.audit(org),
    authenticate: (unit, origin, now) => authenticate(engine, unit, origin, now),
  }
  const own = chores(engine, choreList)
  const runDue = async () => {
    await own.runDue()
    return engine.jobs.runDue()
  }
  const stop = options.background === false ? async () => {} : repeat(runDue, log)
  return {
    as: (who) => clientFor(engine, originOf(who)),
    firstOwner: (wanted) => firstOwner(engine, wanted),
    addOrg: (owner) => addOrg(engine, owner),
    perform: (operation, input, origin) => perform(engine, operation, input, origin),
    registry,
    settings: engine.settings,
    status: async () => ({ hsm: await hsm.status(), hsmProvider: hsm.provider }),
    runJobs: runDue,
    rotateKeys: (progress = () => {}) => rotateEverything(engine, storage, progress),
    close: async () => {
      await stop()
      await own.close()
      await records.idle()
      await storage.close()
      await hsm.close()
    },
  }
}

function settingsOf(options: PawlOptions): Settings {
  return {
    publicUrl: (options.publicUrl ?? 'http://127.0.0.1:8210').replace(/\/+$/, ''),
    passwordCost: options.passwordCost ?? { memoryKib: 19_456, passes: 2, lanes: 1 },
    rateLimits: options.rateLimits ?? true,
    strictKeys: options.strictKeys ?? false,
  }
}

export function originOf(who: Who): Origin {
  if (typeof who === 'string') return { bearer: who }
  return 'user' in who || 'agent' in who ? { trusted: who } : who
}

function clientFor(engine: Engine, origin: Origin): ClientOf<typeof registry> {
  const bind = (operation: AnyOperation) => (input: unknown) => perform(engine, operation, input ?? {}, origin)
  const areas = Object.entries(registry).map(([area, operations]) => [
    area,
    Object.fromEntries(Object.entries(operations).map(([verb, operation]) => [verb, bind(operation)])),
  ])
  return Object.fromEntries(areas)
}

/** Does something again and again, one at a time, until it is stopped. */
function repeat(work: () => Promise<unknown>, log: Log): () => Promise<void> {
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<unknown> = Promise.resolve()
  const next = () => {
    running = work()
      .catch((error) => log('error', 'background work failed', { error }))
      .then(() => {
        if (!stopped) schedule()
      })
  }
  const schedule = () => {
    timer = setTimeout(next, jobsEveryMs)
    // A timer must not keep a process alive that has nothing else to do.
    ;(timer as { unref?: () => void } | undefined)?.unref?.()
  }
  schedule()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
