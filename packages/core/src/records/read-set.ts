import type { Loaded } from './codec.ts'
import type { AnyKind, Recorded } from './kind.ts'
import type { Listed } from './memory.ts'

type State = Loaded<Recorded> | null

const scannedMax = 24

interface Read {
  readonly kind: AnyKind
  readonly id: string
  readonly state: State
}

/**
 * The records that a unit has read. Each record keeps the version that the unit read first, because the decision rests on
 * that version. Most units read a few records, so the set scans an array. From 25 records on, it uses a map. The set searches
 * lists only when the unit reads or writes a single record.
 */
export class ReadSet {
  readonly #read: Read[] = []
  #byName: Map<AnyKind, Map<string, State>> | null = null
  #lists: { kind: AnyKind; listed: Listed<Recorded> }[] | null = null

  find(kind: AnyKind, id: string): State | undefined {
    const found = this.#byName ? this.#byName.get(kind)?.get(id) : this.#scan(kind, id)
    return found === undefined && this.#lists ? this.#inLists(kind, id) : found
  }

  add(kind: AnyKind, id: string, state: State): void {
    if (this.#byName) {
      this.#addNamed(this.#byName, kind, id, state)
      return
    }
    this.#read.push({ kind, id, state })
    if (this.#read.length <= scannedMax) return
    this.#byName = new Map()
    for (const one of this.#read) this.#addNamed(this.#byName, one.kind, one.id, one.state)
  }

  addList(kind: AnyKind, listed: Listed<Recorded>): void {
    if (listed.all.length === 0) return
    this.#lists ??= []
    this.#lists.push({ kind, listed })
  }

  #scan(kind: AnyKind, id: string): State | undefined {
    for (const one of this.#read) if (one.id === id && one.kind === kind) return one.state
    return undefined
  }

  #addNamed(byName: Map<AnyKind, Map<string, State>>, kind: AnyKind, id: string, state: State): void {
    let own = byName.get(kind)
    if (!own) {
      own = new Map()
      byName.set(kind, own)
    }
    if (!own.has(id)) own.set(id, state)
  }

  #inLists(kind: AnyKind, id: string): State | undefined {
    for (const one of this.#lists ?? []) {
      if (one.kind !== kind) continue
      const found = one.listed.all.find(({ value }) => value.id === id)
      if (found) return found
    }
    return undefined
  }
}
