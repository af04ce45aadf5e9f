import type { Keyring } from '../crypto/keyring.ts'
import { fromUtf8, utf8 } from '../kernel/bytes.ts'
import { deepFreeze } from '../kernel/data.ts'
import { internalError } from '../kernel/errors.ts'
import { encodeKey, type Tuple } from '../kernel/keys.ts'
import { type IndexKey, type Put, StorageUnusable, type Stored } from '../ports/storage.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'

/** A record as it was read: its value, and the version that the store must still have when a write depends on it. */
export interface Loaded<T> {
  readonly value: T
  readonly version: string
  readonly keys: readonly IndexKey[]
  /** Bytes of the encrypted body. They estimate the cost in the cache. */
  readonly bytes: number
}

/** Encrypts records for the store, and decrypts what the store returns. */
export interface Codec {
  refId(kind: AnyKind, org: string | null, id: string): string
  /** The tuple of an index as the store has it: with the organisation first, and hashed if the index is blind. */
  tuple(kind: AnyKind, index: string, org: string | null, tuple: Tuple): Tuple
  keys<T extends Recorded>(kind: Kind<T>, org: string | null, record: T): IndexKey[]
  /** The write that stores a record. */
  put<T extends Recorded>(kind: Kind<T>, org: string | null, record: T, expect: string | null, version: string): Put
  open<T extends Recorded>(kind: Kind<T>, org: string | null, stored: Stored): Loaded<T>
}

export function codec(keyring: Keyring): Codec {
  const scoped = (kind: AnyKind, org: string | null): Tuple => {
    if (kind.scope === 'global') return []
    if (org === null) throw internalError()
    return [org]
  }

  const refId: Codec['refId'] = (kind, org, id) => {
    if (kind.scope === 'global') return id
    if (org === null) throw internalError()
    return `${org}/${id}`
  }

  const tuple: Codec['tuple'] = (kind, index, org, values) => {
    const prefix = scoped(kind, org)
    if (!kind.indexes[index]?.blind) return [...prefix, ...values]
    return [...prefix, keyring.blind(`${kind.name}.${index}`, encodeKey([...prefix, ...values]))]
  }

  const keys: Codec['keys'] = (kind, org, record) => {
    const found: IndexKey[] = []
    for (const [name, index] of Object.entries(kind.indexes)) {
      const values = index.key(record)
      if (values === null) continue
      const full = tuple(kind, name, org, values)
      found.push({ index: name, key: encodeKey(index.unique ? full : [...full, record.id]) })
    }
    return found
  }

  const seal = <T extends Recorded>(kind: Kind<T>, id: string, version: string, record: T): Uint8Array => {
    return keyring.records.encrypt(written(kind, record), binding(kind, id, version))
  }

  const put: Codec['put'] = (kind, org, record, expect, version) => {
    const id = refId(kind, org, record.id)
    const body = seal(kind, id, version, record)
    return { op: 'put', kind: kind.name, id, expect, version, body, keys: keys(kind, org, record) }
  }

  const open: Codec['open'] = (kind, org, stored) => {
    const record = deepFreeze(parse(kind, stored, keyring))
    // The keys follow from the sealed body, so a key that was moved in the store does not lead to this record.
    return { value: record, version: stored.version, keys: keys(kind, org, record), bytes: stored.body.length }
  }

  return { refId, tuple, keys, put, open }
}

function written<T extends Recorded>({ packing, shape }: Kind<T>, record: T): Uint8Array {
  if (packing) return packing.pack(record)
  const text = JSON.stringify(record)
  return utf8(shape === 1 ? text : `{"$shape":${shape},${text.slice(1)}`)
}

/** Throws `TamperedRecord` for a record that was moved, swapped, edited or restored from an older version. */
function parse<T extends Recorded>(kind: Kind<T>, stored: Stored, keyring: Keyring): T {
  const body = openBody(keyring, stored)
  if (!body) throw tampered(stored)
  if (kind.packing) return kind.packing.unpack(body)
  const { $shape = 1, ...record } = JSON.parse(fromUtf8(body))
  if ($shape === kind.shape) return record
  if ($shape > kind.shape) {
    throw new StorageUnusable(
      `A newer version of Pawl wrote the record ${kind.name} ${stored.id}. Upgrade Pawl. Nothing was changed.`,
    )
  }
  if (!kind.upcast) throw internalError()
  return kind.upcast(record, $shape)
}

/** The text of a body of any kind that this layer encrypted. Null if the body is not authentic. */
export function openBody(keyring: Keyring, { kind, id, version, body }: Stored): Uint8Array | null {
  return keyring.records.decrypt(body, binding({ name: kind }, id, version))
}

/** Line breaks separate the parts: the engine makes names and tokens, and an id has no line break. */
function binding(kind: { name: string }, id: string, version: string): Uint8Array {
  return utf8(`record\n${kind.name}\n${version}\n${id}`)
}

/** The store returned a record that is not authentic. The log gets the details, and the caller gets none. */
export class TamperedRecord extends Error {
  override readonly name = 'TamperedRecord'
}

export function tampered({ kind, id }: { kind: string; id: string }): TamperedRecord {
  return new TamperedRecord(
    `The record ${kind} ${id} in the storage is not authentic. It was changed, moved or replaced.`,
  )
}
