import { type ErrorDefinition, internalError } from '../kernel/errors.ts'
import type { Tuple } from '../kernel/keys.ts'
import type { Loaded } from './codec.ts'
import type { Staged, StagedWrite } from './committer.ts'
import type { AuditDraft } from './events.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'
import type { Reader } from './reader.ts'

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
  delete<T extends Recorded>(kind: Kind<T>, record: T): void
  /** The decision stands only while this record is as it was read here. */
  check<T extends Recorded>(kind: Kind<T>, record: T): void

  /** Adds an event to the audit trail, stored in the same batch. */
  audit(draft: AuditDraft, org?: string): void
  /** What the unit would have happen. */
  staged(): Staged
}

export interface PageOptions {
  readonly tuple?: Tuple
  /** The beginning of the component that follows the tuple. */
  readonly prefix?: string
  readonly limit: number
  readonly reverse?: boolean
  /** Narrower bounds, as whole tuples: from included, after and to excluded. */
  readonly from?: Tuple
  readonly after?: Tuple
  readonly to?: Tuple
}

export function newUnit(reader: Reader): Unit {
  const read = new Map<string, Loaded<Recorded> | null>()
  const writes = new Map<string, Pending>()
  const events: { org: string; draft: AuditDraft }[] = []
  let org: string | null = null

  const nameOf = (kind: AnyKind, id: string) => `${kind.name} ${id}`
  const remember = <T extends Recorded>(kind: Kind<T>, loaded: Loaded<T>): T => {
    const name = nameOf(kind, loaded.value.id)
    // What was read first is what the decision rests on; a newer version seen later must not hide that.
    if (!read.has(name)) read.set(name, loaded)
    return loaded.value
  }

  const unit: Unit = {
    get org() {
      return org
    },
    enter: (id) => {
      if (org !== null && org !== id) throw internalError()
      org = id
    },
    get: async <T extends Recorded>(kind: Kind<T>, id: string) => {
      const name = nameOf(kind, id)
      const own = writes.get(name)
      if (own && !own.check) return own.record as T | null
      const before = read.get(name)
      if (before !== undefined) return (before?.value ?? null) as T | null
      const loaded = await reader.get(kind, org, id)
      if (!read.has(name)) read.set(name, loaded)
      return loaded?.value ?? null
    },
    require: async (kind, id, missing) => {
      const record = await unit.get(kind, id)
      if (record === null) throw missing()
      return record
    },
    find: async (kind, index, ...tuple) => {
      const loaded = await reader.find(kind, org, index, tuple)
      return loaded ? remember(kind, loaded) : null
    },
    list: async (kind, index, ...tuple) =>
      (await reader.list(kind, org, index, tuple)).map((one) => remember(kind, one)),
    page: async (kind, index, options) =>
      (await reader.page(kind, org, index, options)).map((one) => remember(kind, one)),
    put: (kind, record) => {
      writes.set(nameOf(kind, record.id), { kind, record })
    },
    delete: (kind, record) => {
      writes.set(nameOf(kind, record.id), { kind, record: null })
    },
    check: (kind, record) => {
      const name = nameOf(kind, record.id)
      if (!writes.has(name)) writes.set(name, { kind, record, check: true })
    },
    audit: (draft, inOrg) => {
      const target = inOrg ?? org
      if (target === null) throw internalError()
      events.push({ org: target, draft })
    },
    staged: () => ({ writes: [...writes].flatMap(([name, write]) => stage(name, write)), events }),
  }
  return unit

  function stage(name: string, { kind, record, check }: Pending): StagedWrite[] {
    const id = name.slice(kind.name.length + 1)
    const known = read.get(name)
    const expect = known?.version ?? null
    const before = known?.keys ?? []
    if (record !== null && !check) {
      const write = reader.write(kind, org, record, expect)
      return [{ write, after: { value: Object.freeze(record), version: write.version, keys: write.keys }, before }]
    }
    const ref = { kind: kind.name, id: reader.refId(kind, org, id) }
    if (check) return [{ write: { op: 'check', ...ref, expect }, after: null, before }]
    return expect === null ? [] : [{ write: { op: 'delete', ...ref, expect }, after: null, before }]
  }
}

interface Pending {
  readonly kind: AnyKind
  readonly record: Recorded | null
  readonly check?: true
}
