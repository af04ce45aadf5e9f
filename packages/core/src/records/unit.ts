import { type ErrorDefinition, internalError } from '../kernel/errors.ts'
import type { Tuple } from '../kernel/keys.ts'
import type { Loaded } from './codec.ts'
import type { Staged, StagedWrite } from './committer.ts'
import type { AuditDraft } from './events.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'
import { listVersionKind } from './list-version.ts'
import type { MaybePromise, PageOptions, RecordReader } from './reader.ts'

/**
 * One attempt at one thing: read, decide, stage writes. Nothing is stored until the pipeline commits the unit, all of
 * it or nothing, and each write expects exactly what was read here; when somebody was faster, the unit is thrown away
 * and the decision is made again.
 *
 * Every call sees one organisation only. `get` sees what this unit has put; `find` and `list` see what was stored.
 */
export interface Unit {
  readonly org: string | null
  /** Enters an organisation, once. Public operations do it when they know whose business they are on. */
  enter(org: string): void

  get<T extends Recorded>(kind: Kind<T>, id: string): Promise<T | null>
  require<T extends Recorded>(kind: Kind<T>, id: string, missing: ErrorDefinition): Promise<T>
  /** The record that a unique index holds for this tuple. */
  find<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): Promise<T | null>
  /** Every record whose tuple begins with this one, in order. */
  list<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): Promise<T[]>
  /** Some of them: with a prefix of the next component, from a bound on, newest first, so many at most. */
  page<T extends Recorded>(kind: Kind<T>, index: string, options: PageOptions): Promise<T[]>

  put<T extends Recorded>(kind: Kind<T>, record: T): void
  /** Whether this unit makes the record: it was not stored before. */
  makes(kind: AnyKind, id: string): boolean
  delete<T extends Recorded>(kind: Kind<T>, record: T): void
  /** The decision stands only while this record is as it was read here. */
  check<T extends Recorded>(kind: Kind<T>, record: T): void

  /** Adds an event to the audit trail, stored in the same batch. */
  audit(draft: AuditDraft, org?: string): void
}

/** A unit as whoever commits it sees it. */
export interface Attempt extends Unit {
  /** What the unit would have happen. */
  staged(): MaybePromise<Staged>
  /** Checks of what was taken from memory without knowing whether it is current still. */
  assumed(): readonly StagedWrite[]
}

/**
 * With a `fresh` reader beside the other, what the other remembers is used only together with checks in the commit; when
 * these would be too many for a batch, the rest is read fresh.
 */
export function newUnit(reader: RecordReader, fresh: RecordReader | null = null): Attempt {
  return new UnitOfWork(reader, fresh)
}

const assumptionsMax = 40

/** A class, because it is made for every call: methods are shared, and what is not used is not allocated. */
class UnitOfWork implements Attempt {
  #reader: RecordReader
  readonly #fresh: RecordReader | null
  /** What was read first is what the decision rests on; a newer version seen later must not hide that. */
  readonly #read = new Map<string, Loaded<Recorded> | null>()
  #writes: Map<string, Pending> | null = null
  readonly #events: { org: string; draft: AuditDraft }[] = []
  readonly #assumed: Map<string, Assumption> | null
  #org: string | null = null

  constructor(reader: RecordReader, fresh: RecordReader | null) {
    this.#reader = reader
    this.#fresh = fresh
    this.#assumed = fresh ? new Map() : null
  }

  get org(): string | null {
    return this.#org
  }

  enter(org: string): void {
    if (this.#org !== null && this.#org !== org) throw internalError()
    this.#org = org
  }

  get<T extends Recorded>(kind: Kind<T>, id: string): Promise<T | null> {
    const name = nameOf(kind, id)
    const own = this.#writes?.get(name)
    if (own && !own.check) return Promise.resolve(own.record as T | null)
    const before = this.#read.get(name)
    if (before !== undefined) return Promise.resolve((before?.value ?? null) as T | null)
    const found = this.#reader.get(kind, this.#org, id)
    if (found instanceof Promise) return found.then((loaded) => this.#note(name, loaded))
    this.#assume(kind, id, found?.version ?? null)
    return Promise.resolve(this.#note(name, found))
  }

  async require<T extends Recorded>(kind: Kind<T>, id: string, missing: ErrorDefinition): Promise<T> {
    const record = await this.get(kind, id)
    if (record === null) throw missing()
    return record
  }

  find<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): Promise<T | null> {
    const found = this.#reader.find(kind, this.#org, index, tuple)
    if (found instanceof Promise) return found.then((loaded) => this.#remember(kind, loaded))
    if (found) this.#assume(kind, found.value.id, found.version)
    return Promise.resolve(this.#remember(kind, found))
  }

  list<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): Promise<T[]> {
    const found = this.#reader.list(kind, this.#org, index, tuple)
    if (found instanceof Promise) return found.then(({ all }) => this.#rememberAll(kind, all))
    if (found.guard) this.#assume(listVersionKind, found.guard.id, found.guard.version)
    return Promise.resolve(this.#rememberAll(kind, found.all))
  }

  async page<T extends Recorded>(kind: Kind<T>, index: string, options: PageOptions): Promise<T[]> {
    return this.#rememberAll(kind, await this.#reader.page(kind, this.#org, index, options))
  }

  put<T extends Recorded>(kind: Kind<T>, record: T): void {
    this.#stage(kind, { kind, record })
  }

  makes(kind: AnyKind, id: string): boolean {
    const name = nameOf(kind, id)
    return this.#writes?.get(name)?.record != null && this.#read.get(name) == null
  }

  delete<T extends Recorded>(kind: Kind<T>, record: T): void {
    this.#stage(kind, { kind, record: null }, record.id)
  }

  check<T extends Recorded>(kind: Kind<T>, record: T): void {
    if (!this.#writes?.has(nameOf(kind, record.id))) this.#stage(kind, { kind, record, check: true })
  }

  audit(draft: AuditDraft, org: string | null = this.#org): void {
    if (org === null) throw internalError()
    this.#events.push({ org, draft })
  }

  staged(): MaybePromise<Staged> {
    const guards = this.#writes ? this.#guards() : []
    return guards.length === 0 ? this.#staged() : this.#changeAll(guards).then(() => this.#staged())
  }

  assumed(): readonly StagedWrite[] {
    return this.#checks(() => true)
  }

  /** Of what is assumed, what is written says itself what it expects. */
  #checksBesideWrites(): readonly StagedWrite[] {
    return this.#checks((name) => !this.#writes?.has(name))
  }

  #checks(isWanted: (name: string) => boolean): readonly StagedWrite[] {
    if (!this.#assumed) return []
    return [...this.#assumed].flatMap(([name, { kind, id, expect }]) => {
      if (!isWanted(name)) return []
      const ref = { kind: kind.name, id: this.#reader.refId(kind, this.#org, id) }
      return [{ write: { op: 'check' as const, ...ref, expect }, after: null, before: [] }]
    })
  }

  #staged(): Staged {
    const writes = this.#writes ? [...this.#writes].flatMap(([name, pending]) => this.#write(name, pending)) : []
    return { writes: this.#assumed ? [...writes, ...this.#checksBesideWrites()] : writes, events: this.#events }
  }

  #guards(): string[] {
    const guards = [...(this.#writes ?? [])].flatMap(([name, { kind, record, check }]) => {
      const states = [this.#read.get(name)?.value, record].filter((state) => state !== undefined && state !== null)
      return check ? [] : this.#reader.listVersions(kind, this.#org, states)
    })
    return [...new Set(guards)]
  }

  async #changeAll(guards: readonly string[]): Promise<void> {
    for (const id of guards) {
      await this.get(listVersionKind, id)
      this.put(listVersionKind, { id })
    }
  }

  #assume(kind: AnyKind, id: string, expect: string | null): void {
    if (!this.#assumed || !this.#fresh) return
    const name = nameOf(kind, id)
    if (!this.#assumed.has(name)) this.#assumed.set(name, { kind, id, expect })
    if (this.#assumed.size === assumptionsMax) this.#reader = this.#fresh
  }

  #stage(kind: AnyKind, pending: Pending, id = pending.record?.id ?? ''): void {
    this.#writes ??= new Map()
    this.#writes.set(nameOf(kind, id), pending)
  }

  #note<T extends Recorded>(name: string, loaded: Loaded<T> | null): T | null {
    if (!this.#read.has(name)) this.#read.set(name, loaded)
    return loaded === null ? null : loaded.value
  }

  #remember<T extends Recorded>(kind: Kind<T>, loaded: Loaded<T> | null): T | null {
    return loaded === null ? null : this.#note(nameOf(kind, loaded.value.id), loaded)
  }

  #rememberAll<T extends Recorded>(kind: Kind<T>, all: readonly Loaded<T>[]): T[] {
    return all.map((loaded) => {
      this.#remember(kind, loaded)
      return loaded.value
    })
  }

  #write(name: string, { kind, record, check }: Pending): StagedWrite[] {
    const known = this.#read.get(name)
    const expect = known?.version ?? null
    const before = known?.keys ?? []
    if (record !== null && !check) {
      const write = this.#reader.write(kind, this.#org, record, expect)
      const { version, keys, body } = write
      return [{ write, after: { value: Object.freeze(record), version, keys, bytes: body.length }, before }]
    }
    const ref = { kind: kind.name, id: this.#reader.refId(kind, this.#org, name.slice(kind.name.length + 1)) }
    if (check) return [{ write: { op: 'check', ...ref, expect }, after: null, before }]
    return expect === null ? [] : [{ write: { op: 'delete', ...ref, expect }, after: null, before }]
  }
}

interface Pending {
  readonly kind: AnyKind
  readonly record: Recorded | null
  readonly check?: true
}

interface Assumption {
  readonly kind: AnyKind
  readonly id: string
  readonly expect: string | null
}

function nameOf(kind: AnyKind, id: string): string {
  return `${kind.name} ${id}`
}
