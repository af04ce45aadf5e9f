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
 * The reads of a unit. Every read returns at once. If a record is not in memory, the run of the unit ends. The engine loads the
 * record, and runs the unit again.
 */
export interface Reads {
  readonly org: string | null
  /** Enters an organisation, once. Public operations call it when they know their organisation. */
  enter(org: string): void
  get<T extends Recorded>(kind: Kind<T>, id: string): T | null
  /** Several records, with one request to the store. */
  getAll<T extends Recorded>(kind: Kind<T>, ids: readonly string[]): (T | null)[]
  require<T extends Recorded>(kind: Kind<T>, id: string, missing: ErrorDefinition): T
  /** The record that a unique index holds for this tuple. */
  find<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): T | null
  /** Every record whose tuple begins with this one, in order. */
  list<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): readonly T[]
  /** A part of such a list, by prefix, bounds, order and limit. */
  page<T extends Recorded>(kind: Kind<T>, index: string, options: PageOptions): readonly T[]
  /**
   * The result of work outside of the records: slow work, such as an HSM call or a password hash, or a read of engine memory.
   * `work` runs once for a unit, and each later run of the unit gets the same result. The engine can discard the unit, so `work`
   * must have no lasting effect.
   *
   * @example
   * const isRight = unit.waitFor(() => isPassword(context, password, user.passwordHash))
   */
  waitFor<R>(work: () => MaybePromise<R>): R
}

/**
 * One attempt: read, decide, stage writes. The pipeline commits all of the unit, or nothing. Each write expects the version
 * that the unit read. If another unit was faster, the engine discards the unit and runs the decision again.
 *
 * A unit is a plain function without `await`. It may run several times, and it gets the same answers each time.
 *
 * Every call sees one organisation only. `get` sees what this unit has put; `find` and `list` see what was stored.
 */
export interface Unit extends Reads {
  /** Reads outside of the organisation of the unit. The commit does not check these reads. */
  reading(org?: string): Reads
  /** Random bytes, the same in each run. */
  readonly random: Random

  put<T extends Recorded>(kind: Kind<T>, record: T): void
  /** Whether this unit creates the record, which was not stored before. */
  makes(kind: AnyKind, id: string): boolean
  delete<T extends Recorded>(kind: Kind<T>, record: T): void
  /** Commits the unit only if this record is unchanged since the read. A record that was absent must still be absent. */
  check<T extends Recorded>(kind: Kind<T>, record: Pick<T, 'id'>): void

  /** Adds an event to the audit trail, stored in the same batch. */
  audit(draft: AuditDraft, org?: string): void

  /**
   * Calls `undo` if this unit is not stored, to return what the unit took from the memory of the engine. The unit does not call it
   * when the store fails, because the data can be stored in that case.
   */
  whenDiscarded(undo: () => void): void
}

/** A unit, as the code that commits it sees it. */
export interface Attempt extends Unit {
  /** The pending load of the last run. Null: the run found everything in memory. */
  readonly missing: Promise<void> | null
  /** Begins another run, with nothing staged. */
  begin(): void
  /** The writes and events of the unit. The call may read records, so it belongs to the run. */
  staged(): Staged
  /** Checks for the records that came from memory and can be outdated. */
  assumed(): readonly StagedWrite[]
  /** Runs each `undo`, because the unit is not stored. */
  discard(): void
  /** Wipes the random bytes of the unit from memory. */
  end(): void
}

/**
 * With a `fresh` reader, the commit checks each record that `reader` took from memory. When the checks would be too many for a
 * batch, the unit reads the rest with `fresh`.
 */
export function newUnit(reader: RecordReader, random: Random, fresh: RecordReader | null = null): Attempt {
  return new UnitOfWork(new Replay(), reader, random, fresh)
}

const assumptionsMax = 40

// The subjects of requests that are not about a kind of record.
const waiting = Symbol('waiting')
const drawing = Symbol('drawing')

/** A class, because every call creates a unit. The units share the methods, and allocate nothing that they do not use. */
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
  #undos: (() => void)[] | null = null
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
    this.#undos = null
  }

  discard(): void {
    for (const undo of this.#undos ?? []) undo()
    this.#undos = null
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

  whenDiscarded(undo: () => void): void {
    this.#undos ??= []
    this.#undos.push(undo)
  }

  staged(): Staged {
    if (this.#writes) this.#changeListVersions()
    const writes = this.#writes?.map((pending) => this.#write(pending)).filter((write) => write !== null) ?? []
    return { writes: this.#assumed ? [...writes, ...this.#checksBesideWrites()] : writes, events: this.#events }
  }

  assumed(): readonly StagedWrite[] {
    return this.#assumed?.map((assumption) => this.#check(assumption)) ?? []
  }

  /** Returns a copy, because handlers wipe keys. Work inside `waitFor` runs once, so its random bytes need no replay. */
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

  /** The checks for records that the unit does not write. A write itself has the expected version. */
  #checksBesideWrites(): readonly StagedWrite[] {
    const rest = this.#assumed?.filter(({ kind, id }) => !this.#pending(kind, id)) ?? []
    return rest.map((assumption) => this.#check(assumption))
  }

  #check({ kind, id, expect }: Assumption): StagedWrite {
    const write = { op: 'check', kind: kind.name, id: this.#reader.refId(kind, this.#org, id), expect } as const
    return { write, name: nameOf(write), kind, org: this.#org, id, after: null, before: null }
  }

  /** Writes the guards of changed lists, so that engines with such a list in memory notice the change. */
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

  /** Null for the deletion of a record that was not stored. */
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
