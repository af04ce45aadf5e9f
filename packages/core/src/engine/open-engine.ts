import { authenticate } from '../areas/auth/index.ts'
import { isOperator } from '../areas/orgs/index.ts'
import { delegatedCaller } from '../areas/platform/index.ts'
import { openKeyring } from '../crypto/keyring.ts'
import { Budget } from '../kernel/budget.ts'
import type { PawlError } from '../kernel/errors.ts'
import { uuid } from '../kernel/ids.ts'
import { second } from '../kernel/time.ts'
import {
  type Engine,
  forgetEngine,
  jobs,
  type Log,
  newEnding,
  scheduledTasks,
  sealed,
  type Watcher,
} from '../operations/index.ts'
import type { Clock } from '../ports/clock.ts'
import type { Exclusive, GroupCommit, Shrinking, Storage } from '../ports/storage.ts'
import { type AuditBlock, type OrgBlock, openRecords, sealedRecords } from '../records/index.ts'
import type { Abilities } from './join-areas.ts'

type Given =
  | 'crypto'
  | 'hsm'
  | 'keyStores'
  | 'random'
  | 'mailer'
  | 'egress'
  | 'chains'
  | 'bundlers'
  | 'facilitators'
  | 'moneyServices'
  | 'shroud'
  | 'policyEngine'
  | 'auditSink'
  | 'billing'
  | 'settings'
  | 'log'
  | 'around'
  | 'seal'

/** The parts of every engine of one vault. */
export interface Parts extends Pick<Engine, Given> {
  readonly storage: Storage & Partial<GroupCommit & Exclusive & Shrinking>
  readonly clock: Clock
  readonly background: boolean
  readonly abilities: Abilities
}

/** An engine whose keys can be used. */
export interface OpenEngine {
  readonly engine: Engine
  /** Runs the work. The engine waits for it before it ends. */
  use<T>(work: (engine: Engine) => Promise<T>): Promise<T>
  runDue(): Promise<number>
  /**
   * Finishes the accepted calls, and then wipes all keys from memory. The program must not use the engine after that. Calls whose
   * input has not arrived end at once with this error.
   */
  end(error: PawlError): Promise<void>
}

const jobsEveryMs = 5 * second

export async function openEngine(parts: Parts, foundSealed: () => void): Promise<OpenEngine> {
  const { storage, hsm, crypto, random, clock, log, abilities } = parts
  const keyring = await openKeyring(storage, hsm, crypto, random)
  const onStorageError = (error: unknown) => log('error', 'storage failed', { error })
  const onClockBehind = (milliseconds: number) =>
    log('warn', 'the clock of this machine was set back: until it catches up, expiry can take up to twice as long', {
      milliseconds,
    })
  const onBlocks = (blocks: readonly OrgBlock[]) => {
    for (const { org, block } of blocks) for (const watch of abilities.watchers) show(watch, org, block)
  }
  const told = { onStorageError, onClockBehind, onBlocks }
  const declared = { kinds: abilities.kinds, onlyKinds: true } as const
  const base = engineParts(parts)
  const kept = { budget: base.budget, auditSync: parts.settings.auditSync }
  const records = await openRecords({ storage, keyring, crypto, random, clock, ...declared, ...kept, ...told })
  const ending = newEnding()
  const engine: Engine = {
    ...base,
    records,
    ending,
    isSealed: false,
    foundSealed,
    jobs: jobs(() => engine, abilities.jobs),
    auditKey: (org) => keyring.audit(org),
    authenticate: (unit, origin, now) => authenticate(engine, unit, origin, now),
    actFor: delegatedCaller,
    isOperator,
  }
  engine.handle.engine = engine
  const own = scheduledTasks(engine, abilities.scheduledTasks)
  const underWay = countUnderWay()
  const use: OpenEngine['use'] = (work) => underWay.during(() => work(engine))
  /** The engine waits for the promise of a watcher before it ends. Callers do not wait for it. */
  function show(watch: Watcher, org: string, block: AuditBlock) {
    const failed = (error: unknown) => log('error', 'events could not be watched', { error })
    try {
      const rest = watch(engine, org, block)
      if (rest) void use(() => rest.catch(failed))
    } catch (error) {
      failed(error)
    }
  }
  const runDue = () =>
    use(async () => {
      await own.runDue()
      return engine.jobs.runDue()
    })
  const stop = parts.background ? inBackground() : async () => {}
  /** Slow tasks delay neither each other nor the jobs. The engine waits for all running work before it ends. */
  function inBackground() {
    const tasks = async () => void use(() => own.startDue())
    const stops = [repeat(tasks, log), repeat(() => use(() => engine.jobs.runDue()), log)]
    return async () => void (await Promise.all(stops.map((one) => one())))
  }
  const end = async (error: PawlError) => {
    ending.announce(error)
    await stop()
    await underWay.none()
    await own.close()
    await underWay.none()
    await records.idle()
    keyring.wipe()
    forgetEngine(engine)
  }
  return { engine, use, runDue, end }
}

/** Replaces the engine while the vault is sealed. */
export function sealedEngine(parts: Parts): Engine {
  const engine: Engine = {
    ...engineParts(parts),
    records: sealedRecords(parts.clock),
    // No call is waited for.
    ending: newEnding(),
    isSealed: true,
    foundSealed: () => {},
    jobs: jobs(() => engine, []),
    auditKey: () => {
      throw sealed()
    },
    // A sealed vault cannot read its records, so it can verify no credential.
    authenticate: () => ({ kind: 'anonymous' }),
    actFor: () => {
      throw sealed()
    },
    isOperator: () => false,
  }
  engine.handle.engine = engine
  return engine
}

function engineParts({
  storage,
  clock,
  background,
  abilities,
  ...given
}: Parts): Pick<Engine, Given | 'newId' | 'areas' | 'handle' | 'budget' | 'egressPermits'> {
  const { egress, random, settings } = given
  return {
    ...given,
    newId: () => uuid(random),
    areas: abilities,
    handle: { engine: null, states: [] },
    budget: new Budget(settings.cacheBytes),
    egressPermits: (url) => egress.permits?.(url) ?? false,
  }
}

function countUnderWay() {
  let count = 0
  let nobody = () => {}
  return {
    during: async <T>(work: () => Promise<T>): Promise<T> => {
      count++
      try {
        return await work()
      } finally {
        count--
        if (count === 0) nobody()
      }
    },
    none: () => (count === 0 ? Promise.resolve() : new Promise<void>((resolve) => (nobody = resolve))),
  }
}

/** Repeats the work, one run at a time, until it is stopped. */
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
