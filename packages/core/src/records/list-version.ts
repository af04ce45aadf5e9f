import { encodeKey, type Tuple } from '../kernel/keys.ts'
import type { Codec } from './codec.ts'
import { type AnyKind, kind, type Recorded } from './kind.ts'

// A commit can check a record, but not a list: the store does not report a record that was added to a list. So a list in
// memory has a guard record. The engine writes the guard with every record that joins the list, changes in it or leaves it.
// An unchanged version of the guard proves that the list in memory is current.

export const listVersionKind = kind<Recorded>('listGuard', { history: ['id'] })

/** The guard of the list that a tuple of an index gives; null when such lists have none. */
export function listVersionOf(
  codec: Codec,
  kind: AnyKind,
  org: string | null,
  index: string,
  tuple: Tuple,
): string | null {
  if (kind.indexes[index]?.versionedList !== tuple.length) return null
  return `${kind.name}.${index}.${encodeKey(codec.tuple(kind, index, org, tuple))}`
}

/** The guards of all lists that these states of a record stand in. */
export function listVersionsOf(codec: Codec, kind: AnyKind, org: string | null, states: readonly Recorded[]): string[] {
  return Object.entries(kind.indexes).flatMap(([name, { versionedList, key }]) => {
    const tuples =
      versionedList === undefined ? [] : states.flatMap((record) => [key(record)?.slice(0, versionedList) ?? []])
    return tuples.flatMap((tuple) => listVersionOf(codec, kind, org, name, tuple) ?? [])
  })
}
