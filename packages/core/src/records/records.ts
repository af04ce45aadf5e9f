import type { Keyring } from '../crypto/keyring.ts'
import { Budget } from '../kernel/budget.ts'
import { hex } from '../kernel/bytes.ts'
import { unavailable } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { minute } from '../kernel/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import type { Exclusive, GroupCommit, Ref, Shrinking, Storage, Sync, Write } from '../ports/storage.ts'
import { type Codec, codec as newCodec } from './codec.ts'
import { committer as newCommitter, type OrgBlock, type Staged } from './committer.ts'
import { type KeyedMutex, keyedMutex } from './keyed-mutex.ts'
import type { AnyKind } from './kind.ts'
import { laneKind, lanes as newLanes } from './lane.ts'
import { Memory } from './memory.ts'
import { News } from './news.ts'
import { recordReader as newReader, type Trust } from './reader.ts'
import { newReading, type Reading } from './reading.ts'
import { indexedKind, rebuildIndexes } from './rebuild.ts'
import { notAsync, runUnit, StaleUnit } from './run-unit.ts'
import { type Attempt, newUnit, type Unit } from './unit.ts'

/** The store as areas see it: records, units of work, and time that never runs backwards. */
export interface Records {
  /**
   * Runs `work` in a fresh unit and commits what it staged. If another unit was faster, the engine runs `work` again. So `work`
   * can run more than once, and must only read, decide and stage.
   */
  transact<T>(work: (unit: Unit) => T): Promise<T>
  /** The same, in a unit that has entered an organisation. */
  transactIn<T>(org: string, work: (unit: Unit) => T): Promise<T>
  /** Reads outside of a unit, in an organisation if it says which. */
  reading(org?: string): Reading
  /** Milliseconds since 1970. Never earlier than the latest stored time, even if the clock was set back. */
  now(): number
  /** Announces the records that this engine has stored. */
  readonly news: News
  /** Whether other engines may write to the same store. */
  readonly isShared: boolean
  /** Waits for the commits that are in progress. */
  idle(): Promise<void>
  /** Whether the store refused the last batch, as a full disk does. */
  readonly refusesWrites: boolean
  /** Lets the store return some free space to the system. Returns whether the store has more free space. */
  shrink(): Promise<boolean>
}

interface RecordsOptions {
  readonly storage: Storage & Partial<GroupCommit & Exclusive & Shrinking>
  readonly keyring: Keyring
  readonly crypto: Crypto
  readonly random: Random
  readonly clock: Clock
  /** All kinds with an index. The engine fills an index that is new to the store before it reads anything from the index. */
  readonly kinds?: readonly AnyKind[]
  /** Memory limit of the cache. Default: a separate limit of 64 MiB. */
  readonly budget?: Budget
  /** What commits survive that hold nothing but audit events. Default: `disk`. */
  readonly auditSync?: Sync | undefined
  /** Refuses to write records of any other kind. */
  readonly onlyKinds?: true
  /** Called with the audit blocks that this engine has stored, before any caller gets an answer. */
  onBlocks?(blocks: readonly OrgBlock[]): void
  /** Called when the store failed, so that the state of the store is unknown. */
  onStorageError(error: unknown): void
  /** Called when engine time runs slower because the clock is behind: it was set back, or ran ahead before. */
  onClockBehind(milliseconds: number): void
}

/** Clocks of machines that share a store differ by less. */
const clockSlackMs = minute

export async function openRecords(options: RecordsOptions): Promise<Records> {
  const { storage, keyring, crypto, random, clock } = options
  const memory = new Memory(options.budget ?? new Budget())
  const version = versions(random)
  const codec = options.onlyKinds ? onlyDeclared(newCodec(keyring), options.kinds ?? []) : newCodec(keyring)
  const readerWith = (trust: Trust) => newReader(storage, codec, memory, trust, version)
  const fresh = readerWith(storage.exclusive ? 'always' : 'never')
  const checked = storage.exclusive ? null : readerWith('checked')
  const newAttempt = () => (checked ? newUnit(checked, random, fresh) : newUnit(fresh, random))
  const lane = storage.exclusive ? 'main' : hex(random.bytes(8))
  const lanes = newLanes(storage, codec, keyring, crypto, lane)
  const mutex = keyedMutex()

  const heads = await newReading(fresh).list(laneKind, 'org')
  const startedAt = heads.reduce((time, head) => Math.max(time, head.at), 0)
  const now = engineTime(clock, startedAt, (milliseconds) => options.onClockBehind(milliseconds))

  const news = new News()
  let refusesWrites = false
  const committer = newCommitter({
    storage,
    lanes,
    auditSync: options.auditSync ?? 'disk',
    now,
    version,
    applied: (writes) => {
      refusesWrites = false
      for (const { write, kind, org, id, after, before } of writes) {
        if (write.op === 'check') continue
        if (kind.remembered) memory.changed(kind, org, id, after, before)
        if (kind.topic && after) news.tell(kind.topic(after.value as never, org))
      }
    },
    told: (blocks) => options.onBlocks?.(blocks),
    outdated: async (conflict, batch) => {
      const outdated = storage.exclusive ? [conflict.ref] : [conflict.ref, ...(await changedSince(storage, batch))]
      for (const { kind, id } of outdated) memory.forget(kind, id)
      return outdated
    },
    lost: (error) => {
      refusesWrites = true
      memory.clear()
      options.onStorageError(error)
    },
  })

  const transact = async <T>(work: (unit: Unit) => T): Promise<T> => {
    let turn = noTurn
    let last: Staged | null = null
    try {
      for (let tries = 0; tries < limits.retryCountMax; tries++) {
        const unit = newAttempt()
        const attempted = runUnit(unit, () => attempt(unit, work))
        // A unit that found everything in memory continues at once, without a promise.
        const { outcome, staged } = attempted instanceof Promise ? await attempted : attempted
        unit.end()
        // The work noticed that it read an outdated record. It reads the record again.
        if (staged === null) {
          unit.discard()
          for (const { write } of unit.assumed()) memory.forget(write.kind, write.id)
          continue
        }
        last = staged
        const wanted = changed(staged)
        if (mayGo(mutex, turn, wanted) && (isEmpty(staged) || (await committer.submit(staged)))) return outcome()
        unit.discard()
        if (turn.covers(wanted)) continue
        turn.leave()
        turn = await takeTurn(mutex, wanted)
      }
      if (last) await refuseUnread(storage, last)
      throw unavailable({ part: 'storage' })
    } finally {
      turn.leave()
    }
  }

  const records: Records = {
    transact,
    transactIn: (org, work) => transact((unit) => work(entered(unit, org))),
    reading: (org) => newReading(fresh, org),
    now,
    news,
    isShared: !storage.exclusive,
    idle: () => committer.idle(),
    get refusesWrites() {
      return refusesWrites
    },
    shrink: async () => (await storage.shrink?.()) ?? false,
  }
  await rebuildIndexes(records, storage, options.kinds ?? [])
  return records
}

/** The time of an engine that begins at the latest stored time. */
function engineTime(clock: Clock, from: number, onBehind: (milliseconds: number) => void): () => number {
  let latest = from
  let isBehind = false
  let seen = clock.now()
  return () => {
    const told = clock.now()
    if (latest - told > clockSlackMs !== isBehind) {
      isBehind = !isBehind
      if (isBehind) onBehind(latest - told)
    }
    // If the clock is behind, engine time runs at half speed. It never runs back, records still expire, and the clock catches up.
    latest = Math.max(told, latest + Math.max(0, told - seen) / 2)
    seen = told
    return Math.floor(latest)
  }
}

function entered(unit: Unit, org: string): Unit {
  unit.enter(org)
  return unit
}

interface Attempted<T> {
  /** Null when the work noticed that what it read was outdated. */
  readonly staged: Staged | null
  outcome(): T
}

/** An error of the work can rest on a record that another unit has changed. So the engine checks the reads before it throws. */
function attempt<T>(unit: Attempt, work: (unit: Unit) => T): Attempted<T> {
  try {
    const result = notAsync(work(unit))
    return { outcome: () => result, staged: unit.staged() }
  } catch (error) {
    // During a load, the error ends this run only, and the unit runs again.
    if (unit.missing === null) unit.discard()
    const outcome = () => {
      throw error
    }
    return { outcome, staged: error instanceof StaleUnit ? null : { writes: unit.assumed(), events: [] } }
  }
}

/** The records that are not as a batch expects them. */
async function changedSince(storage: Storage, batch: readonly Write[]): Promise<readonly Ref[]> {
  const found = await storage.get(batch.map(({ kind, id }) => ({ kind, id })))
  return batch.filter(({ expect }, at) => (found[at]?.version ?? null) !== expect)
}

/** A unit that stores a record under the id of an existing record without reading it loses every race. That is a bug. */
async function refuseUnread(storage: Storage, { writes }: Staged): Promise<void> {
  const made = writes.filter(({ write }) => write.op === 'put' && write.expect === null)
  const found = await storage.get(made.map(({ write: { kind, id } }) => ({ kind, id })))
  const unread = made.find((_, at) => found[at] != null)
  if (unread)
    throw new TypeError(
      `A unit put a record of the kind ${unread.kind.name} that exists. It must read the record first.`,
    )
}

function isEmpty({ writes, events }: Staged): boolean {
  return writes.length + events.length === 0
}

/** The locks of some records. The unit that holds them changes these records before units that came later. */
interface Turn {
  covers(names: readonly string[]): boolean
  holdsAny(names: readonly string[]): boolean
  leave(): void
}

const noTurn: Turn = { covers: (names) => names.length === 0, holdsAny: () => false, leave: () => {} }

/** Takes the locks of all these records. Every unit takes locks in the same order, so no deadlock is possible. */
async function takeTurn(mutex: KeyedMutex, names: readonly string[]): Promise<Turn> {
  const leaves: (() => void)[] = []
  for (const name of names) leaves.push(await mutex.lock(name))
  return {
    covers: (wanted) => wanted.every((name) => names.includes(name)),
    holdsAny: (wanted) => wanted.some((name) => names.includes(name)),
    leave: () => {
      for (const leave of leaves) leave()
    },
  }
}

/**
 * A unit that changes a locked record waits behind the units in the queue. Otherwise the waiting units could starve. A unit at
 * its turn goes also if another run changes another record beside the locked one, such as the next place of a list.
 */
function mayGo(mutex: KeyedMutex, turn: Turn, wanted: readonly string[]): boolean {
  return !mutex.isAnyLocked || turn.holdsAny(wanted) || !wanted.some((name) => mutex.isLocked(name))
}

/**
 * The names of the records that a unit changes, in order. New records need no lock, because each run gives them a new name.
 * Records that the unit only checks need no lock, because several units can check them at the same time.
 */
function changed({ writes }: Staged): string[] {
  return writes.flatMap(({ name, write }) => (write.op === 'check' || write.expect === null ? [] : [name])).sort()
}

/** Refuses to write a kind that no area declares, because a rebuild of indexes would not include its records. */
function onlyDeclared(codec: Codec, kinds: readonly AnyKind[]): Codec {
  const declared = new Set<unknown>([...kinds, indexedKind])
  return {
    ...codec,
    put: (kind, ...record) => {
      if (!declared.has(kind)) throw new TypeError(`No area declares the kind ${kind.name}.`)
      return codec.put(kind, ...record)
    },
  }
}

/** Version tokens: the engine that wrote, and the number of its write. */
function versions(random: Random): () => string {
  const engine = hex(random.bytes(8))
  let count = 0
  return () => `${engine}.${(count++).toString(36)}`
}
