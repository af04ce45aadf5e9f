import { wipe } from '../kernel/bytes.ts'
import { deepFreeze } from '../kernel/data.ts'
import { type ErrorDefinition, internalError } from '../kernel/errors.ts'
import type { Tuple } from '../kernel/keys.ts'
import type { Random } from '../ports/random.ts'
import type { Loaded } from './codec.ts'
import { nameOf, type Staged, type StagedWrite } from './committer.ts'
import type { AuditDraft } from './events.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'
import { listVersionKind } from './list-version.ts'
import type { Listed } from './memory.ts'
import { ReadSet } from './read-set.ts'
import type { MaybePromise, PageOptions, RecordReader } from './reader.ts'
import { Replay } from './replay.ts'

/**
 * What a unit reads. Every answer is there at once: when it is not in memory, the run of the unit ends, and begins again once
 * it was loaded.
 */
export interface Reads {
  readonly org: string | null
  /** Enters an organisation, once. Public operations do it when they know whose business they are on. */
  enter(org: string): void
  get<T extends Recorded>(kind: Kind<T>, id: string): T | null
  /** Several records by one question to the store. */
  getAll<T extends Recorded>(kind: Kind<T>, ids: readonly string[]): (T | null)[]
  require<T extends Recorded>(kind: Kind<T>, id: string, missing: ErrorDefinition): T
  /** The record that a unique index holds for this tuple. */
  find<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): T | null
  /** Every record whose tuple begins with this one, in order. */
  list<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): readonly T[]
  /** Some of them: with a prefix of the next component, from a bound on, newest first, so many at most. */
  page<T extends Recorded>(kind: Kind<T>, index: string, options: PageOptions): readonly T[]
  /**
   * The result of something outside of the records: slow, such as a key of the HSM or a password's hash, or from the memory
   * of the engine. `work` runs once for a unit, and a unit that runs again gets the same result. The unit may be thrown away,
   * so `work` changes nothing that counts.
   *
   * @example
   * const isRight = unit.waitFor(() => isPassword(context, password, user.passwordHash))
   */
  waitFor<R>(work: () => MaybePromise<R>): R
}

/**
 * One attempt at one thing: read, decide, stage writes. Nothing is stored until the pipeline commits the unit, all of
 * it or nothing, and each write expects exactly what was read here. When another unit was faster, the unit is thrown away
 * and the decision is made again.
 *
 * A unit is a plain function without `await`. It may run several times, and it gets the same answers each time.
 *
 * Every call sees one organisation only. `get` sees what this unit has put; `find` and `list` see what was stored.
 */
export interface Unit extends Reads {
  /** Reads outside of this unit's organisation. What is read so is not checked in the commit. */
  reading(org?: string): Reads
  /** Random bytes, the same in each run. */
  readonly random: Random

  put<T extends Recorded>(kind: Kind<T>, record: T): void
  /** Whether this unit makes the record: it was not stored before. */
  makes(kind: AnyKind, id: string): boolean
  delete<T extends Recorded>(kind: Kind<T>, record: T): void
  /** The decision stands only while this record is as it was read here. If it was not there, it must not be there. */
  check<T extends Recorded>(kind: Kind<T>, record: Pick<T, 'id'>): void

  /** Adds an event to the audit trail, stored in the same batch. */
  audit(draft: AuditDraft, org?: string): void
}

/** A unit as the one who commits it sees it. */
export interface Attempt extends Unit {
  /** What the last run did not find in memory; null when it found everything. */
  readonly missing: Promise<void> | null
  /** Begins another run, with nothing staged. */
  begin(): void
  /** What the unit would have happen. It may read, so it belongs to the run. */
  staged(): Staged
  /** Checks of what was taken from memory without knowing whether it is current still. */
  assumed(): readonly StagedWrite[]
  /** Leaves nothing in memory of what was drawn. */
  end(): void
}

/**
 * With a `fresh` reader beside the other, what the other remembers is used only together with checks in the commit; when
 * these would be too many for a batch, the rest is read fresh.
 */
export function newUnit(reader: RecordReader, random: Random, fresh: RecordReader | null = null): Attempt {
  return new UnitOfWork(new Replay(), reader, random, fresh)
}

const assumptionsMax = 40

// The subjects of questions that are about no kind of record.
const waiting = Symbol('waiting')
const drawing = Symbol('drawing')

/** A class, because it is made for every call: methods are shared, and what is not used is not allocated. */
class UnitOfWork implements Attempt {
  readonly #replay: Replay
  readonly #checked: RecordReader
  #reader: RecordReader
  readonly #fresh: RecordReader | null
  readonly #random: Random
  #read = new ReadSet()
  #writes: Pending[] | null = null
  #events: { org: string; draft: AuditDraft }[] = []
  #assumed: Assumption[] | null
  #org: string | null = null
  /** In all runs. */
  #drawn: Uint8Array[] | null = null

  constructor(replay: Replay, reader: RecordReader, random: Random, fresh: RecordReader | null) {
    this.#replay = replay
    this.#checked = reader
    this.#reader = reader
    this.#random = random
    this.#fresh = fresh
    this.#assumed = fresh ? [] : null
  }

  begin(): void {
    this.#replay.begin()
    this.#reader = this.#checked
    this.#read = new ReadSet()
    this.#writes = null
    this.#events = []
    this.#assumed = this.#fresh ? [] : null
    this.#org = null
  }

  end(): void {
    if (this.#drawn) for (const drawn of this.#drawn) wipe(drawn)
  }

  get missing(): Promise<void> | null {
    return this.#replay.missing
  }

  get org(): string | null {
    return this.#org
  }

  get random(): Random {
    return { bytes: (count) => this.#draw(count) }
  }

  enter(org: string): void {
    if (this.#org !== null && this.#org !== org) throw internalError()
    this.#org = org
  }

  reading(org?: string): Reads {
    const other = new UnitOfWork(this.#replay, this.#fresh ?? this.#reader, this.#random, null)
    if (org !== undefined) other.enter(org)
    return other
  }

  waitFor<R>(work: () => MaybePromise<R>): R {
    return this.#replay.answer(waiting, work)
  }

  get<T extends Recorded>(kind: Kind<T>, id: string): T | null {
    const own = this.#pending(kind, id)
    if (own && !own.check) return own.record as T | null
    const before = this.#read.find(kind, id)
    if (before !== undefined) return (before?.value ?? null) as T | null
    const found: Loaded<T> | null = this.#replay.answer(kind, () => this.#reader.get(kind, this.#org, id))
    this.#assume(kind, id, found?.version ?? null)
    this.#read.add(kind, id, found)
    return found === null ? null : found.value
  }

  getAll<T extends Recorded>(kind: Kind<T>, ids: readonly string[]): (T | null)[] {
    const unread = ids.filter((id) => this.#read.find(kind, id) === undefined)
    if (unread.length > 0) {
      const found: (Loaded<T> | null)[] = this.#replay.answer(kind, () => this.#reader.getAll(kind, this.#org, unread))
      for (const [at, id] of unread.entries()) {
        this.#assume(kind, id, found[at]?.version ?? null)
        this.#read.add(kind, id, found[at] ?? null)
      }
    }
    return ids.map((id) => this.get(kind, id))
  }

  require<T extends Recorded>(kind: Kind<T>, id: string, missing: ErrorDefinition): T {
    const record = this.get(kind, id)
    if (record === null) throw missing()
    return record
  }

  find<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): T | null {
    const found: Loaded<T> | null = this.#replay.answer(kind, () => this.#reader.find(kind, this.#org, index, tuple))
    if (found === null) return null
    this.#assume(kind, found.value.id, found.version)
    if (this.#read.find(kind, found.value.id) === undefined) this.#read.add(kind, found.value.id, found)
    return found.value
  }

  list<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): readonly T[] {
    const found: Listed<T> = this.#replay.answer(kind, () => this.#reader.list(kind, this.#org, index, tuple))
    if (found.guard) this.#assume(listVersionKind, found.guard.id, found.guard.version)
    this.#read.addList(kind, found)
    return found.values
  }

  page<T extends Recorded>(kind: Kind<T>, index: string, options: PageOptions): readonly T[] {
    const found: Listed<T> = this.#replay.answer(kind, () => this.#reader.page(kind, this.#org, index, options))
    this.#read.addList(kind, found)
    return found.values
  }

  put<T extends Recorded>(kind: Kind<T>, record: T): void {
    this.#stage({ kind, id: record.id, record, check: false })
  }

  makes(kind: AnyKind, id: string): boolean {
    return this.#pending(kind, id)?.record != null && this.#read.find(kind, id) == null
  }

  delete<T extends Recorded>(kind: Kind<T>, record: T): void {
    this.#stage({ kind, id: record.id, record: null, check: false })
  }

  check<T extends Recorded>(kind: Kind<T>, record: Pick<T, 'id'>): void {
    if (!this.#pending(kind, record.id)) this.#stage({ kind, id: record.id, record, check: true })
  }

  audit(draft: AuditDraft, org: string | null = this.#org): void {
    if (org === null) throw internalError()
    this.#events.push({ org, draft })
  }

  staged(): Staged {
    if (this.#writes) this.#changeListVersions()
    const writes = this.#writes?.map((pending) => this.#write(pending)).filter((write) => write !== null) ?? []
    return { writes: this.#assumed ? [...writes, ...this.#checksBesideWrites()] : writes, events: this.#events }
  }

  assumed(): readonly StagedWrite[] {
    return this.#assumed?.map((assumption) => this.#check(assumption)) ?? []
  }

  /** A copy, because handlers wipe what was a key. What a function draws that is waited for needs no second time. */
  #draw(count: number): Uint8Array {
    if (this.#replay.isOutside) return this.#random.bytes(count)
    return this.#replay.answer(drawing, () => this.#drawNew(count)).slice()
  }

  #drawNew(count: number): Uint8Array {
    const bytes = this.#random.bytes(count)
    this.#drawn ??= []
    this.#drawn.push(bytes)
    return bytes
  }

  /** Of what is assumed, what is written says itself what it expects. */
  #checksBesideWrites(): readonly StagedWrite[] {
    const rest = this.#assumed?.filter(({ kind, id }) => !this.#pending(kind, id)) ?? []
    return rest.map((assumption) => this.#check(assumption))
  }

  #check({ kind, id, expect }: Assumption): StagedWrite {
    const write = { op: 'check', kind: kind.name, id: this.#reader.refId(kind, this.#org, id), expect } as const
    return { write, name: nameOf(write), kind, org: this.#org, id, after: null, before: null }
  }

  /** An engine that remembers a list finds out by its version that it has changed. */
  #changeListVersions(): void {
    const changed = (this.#writes ?? []).flatMap(({ kind, id, record, check }) => {
      const states = [this.#read.find(kind, id)?.value, record].filter((state) => state != null)
      return check ? [] : this.#reader.listVersions(kind, this.#org, states)
    })
    for (const id of new Set(changed)) {
      this.get(listVersionKind, id)
      this.put(listVersionKind, { id })
    }
  }

  #assume(kind: AnyKind, id: string, expect: string | null): void {
    if (!this.#assumed || !this.#fresh || this.#replay.wasLoaded) return
    if (!this.#assumed.some((one) => one.kind === kind && one.id === id)) this.#assumed.push({ kind, id, expect })
    if (this.#assumed.length === assumptionsMax) this.#reader = this.#fresh
  }

  #pending(kind: AnyKind, id: string): Pending | undefined {
    return this.#writes?.find((one) => one.kind === kind && one.id === id)
  }

  #stage(pending: Pending): void {
    this.#writes ??= []
    const at = this.#writes.findIndex(({ kind, id }) => kind === pending.kind && id === pending.id)
    if (at === -1) this.#writes.push(pending)
    else this.#writes[at] = pending
  }

  /** Null for the deletion of what was not stored. */
  #write({ kind, id, record, check }: Pending): StagedWrite | null {
    const org = this.#org
    const before = this.#read.find(kind, id) ?? null
    const expect = before?.version ?? null
    if (record !== null && !check) {
      const write = this.#reader.write(kind, org, record, expect)
      const { version, keys, body } = write
      const after = { value: deepFreeze(record), version, keys, bytes: body.length }
      return { write, name: nameOf(write), kind, org, id, after, before }
    }
    const ref = { kind: kind.name, id: this.#reader.refId(kind, org, id) }
    const what = { name: nameOf(ref), kind, org, id, after: null, before }
    if (check) return { write: { op: 'check', expect, ...ref }, ...what }
    return expect === null ? null : { write: { op: 'delete', expect, ...ref }, ...what }
  }
}

interface Pending {
  readonly kind: AnyKind
  readonly id: string
  readonly record: Recorded | null
  readonly check: boolean
}

interface Assumption {
  readonly kind: AnyKind
  readonly id: string
  readonly expect: string | null
}
