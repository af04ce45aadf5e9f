import { frame, utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type AuditBlock, type AuditDraft, kind, withBytes } from '../../records/index.ts'
import type { Segment } from './segments.ts'
import { VarintReader, VarintWriter } from './varints.ts'

// For each closed segment, a record says which of its blocks hold an actor, an action, a resource or a vault. It holds keyed
// hashes and no names. A search reads it to skip blocks, and then looks at every event of the others itself. So a hash that
// two names share costs one block, and an index that is missing costs reading the segment. Nothing is verified with it.
//
//   table   terms  blocks  places
//   terms   their count, and 4 bytes for each, ascending: HMAC(audit key, frame('pawl/1/audit-term', field, value))
//   blocks  their count, and the number of events in each
//   places  per term: the length, and then the runs of blocks that hold it: twice the blocks skipped before it, plus one
//           when the run has several blocks and their number less two follows
//
// Numbers have seven bits per byte, the lowest first; the highest bit says that more bytes follow.

export interface SearchIndex extends Pick<Segment, 'id' | 'lane' | 'number' | 'first' | 'next' | 'from' | 'to'> {
  readonly table: Uint8Array
}

export const searchIndexKind = kind<SearchIndex>('auditIndex', {
  indexes: { lane: { unique: true, key: ({ lane, number }) => [lane, number] } },
  packing: withBytes({
    split: ({ table, ...place }) => [place, table],
    join: (place, table) => ({ ...place, table }),
  }),
  remembered: false,
})

/** The values by which a search finds events. The index has only texts, and no search asks for other values. */
const fieldOf = {
  actor: ({ actorId }: AuditDraft) => actorId,
  action: ({ action }: AuditDraft) => action,
  resource: ({ resourceId }: AuditDraft) => resourceId,
  type: ({ resourceType }: AuditDraft) => resourceType,
  vault: vaultOf,
}

export type Terms = { readonly [Field in keyof typeof fieldOf]?: string | undefined }

function vaultOf({ resourceType, resourceId, details }: AuditDraft): Json | undefined {
  return resourceType === 'vault' ? resourceId : details.vault_id
}

/** Whether an event has all of these terms. */
export function hasTerms(draft: AuditDraft, terms: Terms): boolean {
  return (Object.keys(fieldOf) as (keyof Terms)[]).every(
    (field) => terms[field] === undefined || terms[field] === fieldOf[field](draft),
  )
}

/** The keyed hash of each term. */
export function hashesOf(crypto: Crypto, key: Uint8Array, terms: Terms): number[] {
  return Object.entries(terms).flatMap(([field, value]) =>
    value === undefined ? [] : [hashOf(crypto, key, field, value)],
  )
}

function hashOf(crypto: Crypto, key: Uint8Array, field: string, value: string): number {
  const hash = crypto.hmacSha256(key, frame(utf8('pawl/1/audit-term'), utf8(field), utf8(value)))
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0)
}

/** Notes which blocks hold which terms, block by block. */
export class IndexBuilder {
  readonly #fields: readonly Field[]
  readonly #places = new Map<number, number[]>()
  readonly #events: number[] = []

  constructor(crypto: Crypto, key: Uint8Array) {
    this.#fields = Object.entries(fieldOf).map(([field, value]) => ({
      value,
      hash: (text) => hashOf(crypto, key, field, text),
      known: new Map(),
    }))
  }

  add({ drafts }: Pick<AuditBlock, 'drafts'>): void {
    const ordinal = this.#events.length
    this.#events.push(drafts.length)
    for (const field of this.#fields) {
      let before: Json | undefined
      for (const draft of drafts) {
        const value = field.value(draft)
        // Most events of a block have the same actor, action and vault.
        if (value !== before && typeof value === 'string') this.#note(hashIn(field, value), ordinal)
        before = value
      }
    }
  }

  table(): Uint8Array {
    const writer = new VarintWriter()
    const terms = [...this.#places].sort(([one], [other]) => one - other)
    writer.number(terms.length)
    for (const [hash] of terms) writer.uint32(hash)
    writer.number(this.#events.length)
    for (const count of this.#events) writer.number(count)
    for (const [, ordinals] of terms) writer.bytes(runsOf(ordinals))
    return writer.written()
  }

  #note(hash: number, ordinal: number): void {
    const ordinals = this.#places.get(hash)
    if (!ordinals) this.#places.set(hash, [ordinal])
    else if (ordinals[ordinals.length - 1] !== ordinal) ordinals.push(ordinal)
  }
}

interface Field {
  value(draft: AuditDraft): Json | undefined
  hash(value: string): number
  readonly known: Map<string, number>
}

function hashIn({ hash, known }: Field, value: string): number {
  const before = known.get(value)
  if (before !== undefined) return before
  const made = hash(value)
  known.set(value, made)
  return made
}

function runsOf(ordinals: readonly number[]): Uint8Array {
  const writer = new VarintWriter()
  for (let at = 0, next = 0; at < ordinals.length; ) {
    const start = ordinals[at] as number
    let length = 1
    while (ordinals[at + length] === start + length) length++
    writer.number(2 * (start - next) + (length > 1 ? 1 : 0))
    if (length > 1) writer.number(length - 2)
    at += length
    next = start + length
  }
  return writer.written()
}

/** A block that may hold what is searched: the numbers of its first event, and of the first one after it. */
export interface Candidate {
  readonly first: number
  readonly next: number
}

/** The blocks, oldest first, that may hold an event with all terms of one of these sets. */
export function candidatesIn({ first, table }: SearchIndex, anyOf: readonly (readonly number[])[]): Candidate[] {
  const reader = new VarintReader(table)
  const terms = reader.number()
  const found = anyOf
    .map((hashes) => hashes.map((hash) => termAt(table, reader.at, terms, hash)))
    .filter((places) => !places.includes(-1))
  if (found.length === 0) return []
  reader.skip(4 * terms)
  const blocks = blocksIn(reader, first)
  const known = new Map<number, ReadonlySet<number>>()
  const placesAt = (term: number) => {
    const places = known.get(term) ?? placesOf(new VarintReader(table, reader.at), term)
    known.set(term, places)
    return places
  }
  const alternatives = found.map((one) => one.map(placesAt))
  return blocks.filter((_, ordinal) => alternatives.some((sets) => sets.every((set) => set.has(ordinal))))
}

function blocksIn(reader: VarintReader, first: number): Candidate[] {
  const blocks: Candidate[] = []
  for (let left = reader.number(), from = first; left > 0; left--) {
    const next = from + reader.number()
    blocks.push({ first: from, next })
    from = next
  }
  return blocks
}

/** Which term has this hash; -1 when none has. */
function termAt(table: Uint8Array, hashesAt: number, terms: number, hash: number): number {
  const view = new DataView(table.buffer, table.byteOffset)
  for (let low = 0, high = terms - 1; low <= high; ) {
    const middle = (low + high) >> 1
    const value = view.getUint32(hashesAt + 4 * middle)
    if (value === hash) return middle
    if (value < hash) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function placesOf(reader: VarintReader, term: number): ReadonlySet<number> {
  for (let skipped = 0; skipped < term; skipped++) reader.skip(reader.number())
  const ordinals = new Set<number>()
  const end = reader.number() + reader.at
  for (let next = 0; reader.at < end; ) {
    const run = reader.number()
    const start = next + (run >> 1)
    const length = run % 2 === 1 ? reader.number() + 2 : 1
    for (let ordinal = start; ordinal < start + length; ordinal++) ordinals.add(ordinal)
    next = start + length
  }
  return ordinals
}
