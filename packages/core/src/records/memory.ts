import type { Budget, Remembered } from '../kernel/budget.ts'
import type { Tuple } from '../kernel/keys.ts'
import type { Loaded } from './codec.ts'
import type { AnyKind, Recorded } from './kind.ts'
import { listVersionKind } from './list-version.ts'

/** The records that an index gives for a tuple, in order. */
export interface Listed<T> {
  readonly all: readonly Loaded<T>[]
  readonly values: readonly T[]
  /** The guard that proves that the list is current. Absent if no other engine can change the list. */
  readonly guard?: { readonly id: string; readonly version: string | null }
}

export function listed<T>(all: readonly Loaded<T>[], guard?: Listed<T>['guard']): Listed<T> {
  return { all, values: Object.freeze(all.map(({ value }) => value)), ...(guard ? { guard } : {}) }
}

// Approximate cost of a record on the heap. The encrypted body is JSON, and its objects take twice its bytes.
const bytesPerRecord = 400
const heapPerBodyByte = 2
const bytesPerList = 200
/** The cache does not keep larger records, such as the ciphertexts of files. */
const bodyBytesMax = 16 * 1024

const weightOf = (loaded: Loaded<unknown> | null) =>
  loaded === null ? bytesPerRecord : bytesPerRecord + heapPerBodyByte * loaded.bytes

const weightOfList = ({ derivedBytes }: AnyKind, all: readonly Loaded<unknown>[]) =>
  all.reduce((sum, loaded) => sum + weightOf(loaded) + derivedBytes, bytesPerList)

/**
 * The cache of records. If no other engine can write to the store, an entry is current until this engine changes it. Otherwise
 * the unit that uses an entry checks in its commit that it is current. The cache also remembers that a record does not exist.
 *
 * Records are found by kind, organisation and id, lists by kind, organisation, index and tuple. A change of a record ends
 * every list that holds or would hold it. The budget of the engine drops unused entries.
 */
export class Memory {
  /** By the slot of the kind. */
  readonly #kinds: KindMemory[] = []
  readonly #byName = new Map<string, AnyKind>()
  /** Lists by the record that guards them. */
  readonly #guarded = new Map<string, ListEntry>()
  readonly #budget: Budget
  #changes = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Increases with every change. A record that was read before a change must not enter the cache after it. */
  get changes(): number {
    return this.#changes
  }

  get(kind: AnyKind, org: string | null, id: string): Loaded<unknown> | null | undefined {
    const entry = this.#known(kind, org)?.records.get(id)
    if (entry === undefined) return undefined
    entry.isUsed = true
    return entry.loaded
  }

  keep(kind: AnyKind, org: string | null, id: string, loaded: Loaded<unknown> | null): void {
    const { records } = this.#of(kind, org)
    const known = records.get(id)
    if (loaded !== null && loaded.bytes > bodyBytesMax) {
      if (known) this.#budget.drop(known)
    } else if (known) {
      known.loaded = loaded
      this.#budget.reweigh(known, weightOf(loaded))
    } else {
      const entry = new RecordEntry(records, id, loaded)
      records.set(id, entry)
      this.#budget.add(entry)
    }
  }

  list(kind: AnyKind, org: string | null, index: string, tuple: Tuple): Listed<unknown> | undefined {
    let node = this.#known(kind, org)?.lists.get(index)
    for (let at = 0; node && at < tuple.length; at++) node = node.children?.get(tuple[at] as string)
    const entry = node?.entry
    if (!entry) return undefined
    entry.isUsed = true
    return entry.listed
  }

  keepList(kind: AnyKind, org: string | null, index: string, tuple: Tuple, kept: Listed<unknown>): void {
    const weight = weightOfList(kind, kept.all)
    if (weight > this.#budget.bytesMax / 4) return
    const { lists } = this.#of(kind, org)
    let node = lists.get(index)
    if (!node) {
      node = new ListNode(null, '')
      lists.set(index, node)
    }
    for (const component of tuple) node = node.child(component)
    if (node.entry) this.#budget.drop(node.entry)
    const entry = new ListEntry(node, kept, weight, this.#guarded)
    node.attach(entry)
    this.#budget.add(entry)
    if (kept.guard) this.#guarded.set(kept.guard.id, entry)
  }

  /** A write was applied. */
  changed(
    kind: AnyKind,
    org: string | null,
    id: string,
    after: Loaded<unknown> | null,
    before: Loaded<unknown> | null,
  ): void {
    this.#changes++
    const known = this.#known(kind, org)?.records.get(id)
    // Of the records that were not in memory, only new ones will be read soon.
    if (known || before === null) this.keep(kind, org, id, after)
    if (before === null && after) this.#dropReplaced(kind, org, after)
    this.#endLists(kind, org, before, after)
    if (kind === listVersionKind) this.#endGuarded(id)
  }

  #dropReplaced(kind: AnyKind, org: string | null, { value }: Loaded<unknown>): void {
    const id = kind.replaces?.(value as Recorded)
    const entry = id && this.#known(kind, org)?.records.get(id)
    if (entry) this.#budget.drop(entry)
  }

  /** Another engine has changed this record. */
  forget(kindName: string, refId: string): void {
    this.#changes++
    const kind = this.#byName.get(kindName)
    if (!kind) return
    const slash = kind.scope === 'org' ? refId.indexOf('/') : -1
    const [org, id] = [refId.slice(0, Math.max(0, slash)), refId.slice(slash + 1)]
    const known = this.#known(kind, org)
    const entry = known?.records.get(id)
    if (entry) this.#budget.drop(entry)
    for (const [name, root] of [...(known?.lists ?? [])]) {
      const path = entry ? pathIn(kind, name, entry.loaded) : null
      if (path) this.#endAlong(kind, root, path, null)
      // It is unknown which lists hold the record.
      else if (!entry?.loaded) this.#endAll(root)
    }
    if (kind === listVersionKind) this.#endGuarded(id)
  }

  clear(): void {
    this.#changes++
    this.#kinds.length = 0
    this.#guarded.clear()
    this.#budget.clear()
  }

  #known(kind: AnyKind, org: string | null): OrgMemory | undefined {
    const known = this.#kinds[kind.slot]
    if (!known) return undefined
    const owner = ownerOf(kind, org)
    return known.last?.owner === owner ? known.last : known.byOwner.get(owner)
  }

  #of(kind: AnyKind, org: string | null): OrgMemory {
    let known = this.#kinds[kind.slot]
    if (!known) {
      known = { byOwner: new Map(), last: null }
      this.#kinds[kind.slot] = known
      this.#byName.set(kind.name, kind)
    }
    const owner = ownerOf(kind, org)
    const own = known.byOwner.get(owner) ?? { owner, records: new Map(), lists: new Map() }
    known.byOwner.set(owner, own)
    known.last = own
    return own
  }

  /** Drops the lists that hold or would hold a record. The entry of a whole tuple of a unique index is updated instead. */
  #endLists(kind: AnyKind, org: string | null, before: Loaded<unknown> | null, after: Loaded<unknown> | null): void {
    for (const [name, root] of this.#known(kind, org)?.lists ?? []) {
      const isUnique = kind.indexes[name]?.unique === true
      const [old, now] = [pathIn(kind, name, before), pathIn(kind, name, after)]
      if (old && !(now && isSame(old, now))) this.#endAlong(kind, root, old, isUnique ? [] : null)
      if (now) this.#endAlong(kind, root, now, isUnique && after ? [after] : null)
    }
  }

  /** Drops the lists of every tuple that is a prefix of the path. If `all` is given, it replaces the list of the whole path. */
  #endAlong(kind: AnyKind, root: ListNode, path: Tuple, all: readonly Loaded<unknown>[] | null): void {
    let node: ListNode | undefined = root
    for (let at = 0; node && at <= path.length; at++) {
      const { entry }: ListNode = node
      const next: ListNode | undefined = node.children?.get(path[at] as string)
      if (entry && all && at === path.length) {
        entry.listed = listed(all)
        this.#budget.reweigh(entry, weightOfList(kind, all))
      } else if (entry) this.#budget.drop(entry)
      node = next
    }
  }

  #endGuarded(id: string): void {
    const entry = this.#guarded.get(id)
    if (entry) this.#budget.drop(entry)
  }

  #endAll(node: ListNode): void {
    const children = [...(node.children?.values() ?? [])]
    if (node.entry) this.#budget.drop(node.entry)
    for (const child of children) this.#endAll(child)
  }
}

/** Where a state of a record stands below the root of an index; null when it is not in the index. */
function pathIn(kind: AnyKind, name: string, state: Loaded<unknown> | null): Tuple | null {
  const index = kind.indexes[name]
  const record = state?.value as { id: string } | undefined
  const tuple = index && record ? index.key(record) : null
  return tuple && record && !index?.unique ? [...tuple, record.id] : tuple
}

/** Global records are the same for a unit in any organisation. */
function ownerOf({ scope }: AnyKind, org: string | null): string {
  return scope === 'global' || org === null ? '' : org
}

interface KindMemory {
  readonly byOwner: Map<string, OrgMemory>
  /** The entry that was used last, because most vaults have one organisation. */
  last: OrgMemory | null
}

interface OrgMemory {
  readonly owner: string
  readonly records: Map<string, RecordEntry>
  /** By index; below it, by the components of the tuple. */
  readonly lists: Map<string, ListNode>
}

class RecordEntry implements Remembered {
  readonly #home: Map<string, RecordEntry>
  readonly #id: string
  loaded: Loaded<unknown> | null
  weight: number
  isUsed = false

  constructor(home: Map<string, RecordEntry>, id: string, loaded: Loaded<unknown> | null) {
    this.#home = home
    this.#id = id
    this.loaded = loaded
    this.weight = weightOf(loaded)
  }

  remove(): void {
    this.#home.delete(this.#id)
  }
}

class ListEntry implements Remembered {
  readonly #node: ListNode
  readonly #guarded: Map<string, ListEntry>
  listed: Listed<unknown>
  weight: number
  isUsed = false

  constructor(node: ListNode, kept: Listed<unknown>, weight: number, guarded: Map<string, ListEntry>) {
    this.#node = node
    this.#guarded = guarded
    this.listed = kept
    this.weight = weight
  }

  remove(): void {
    this.#node.detach(this)
    const { guard } = this.listed
    if (guard && this.#guarded.get(guard.id) === this) this.#guarded.delete(guard.id)
  }
}

/** A node in the tree of tuples. The cache removes a node that leads to no list. */
class ListNode {
  readonly #parent: ListNode | null
  readonly #key: string | number
  children: Map<string | number, ListNode> | null = null
  entry: ListEntry | null = null

  constructor(parent: ListNode | null, key: string | number) {
    this.#parent = parent
    this.#key = key
  }

  child(key: string | number): ListNode {
    return this.children?.get(key) ?? new ListNode(this, key)
  }

  attach(entry: ListEntry): void {
    this.entry = entry
    this.#join()
  }

  detach(entry: ListEntry): void {
    if (this.entry !== entry) return
    this.entry = null
    this.#leave()
  }

  #join(): void {
    const parent = this.#parent
    if (!parent || parent.children?.get(this.#key) === this) return
    parent.children ??= new Map()
    parent.children.set(this.#key, this)
    parent.#join()
  }

  #leave(): void {
    const parent = this.#parent
    if (!parent?.children || this.entry || this.children) return
    parent.children.delete(this.#key)
    if (parent.children.size > 0) return
    parent.children = null
    parent.#leave()
  }
}

function isSame(one: Tuple, other: Tuple): boolean {
  return one.length === other.length && one.every((component, at) => component === other[at])
}
