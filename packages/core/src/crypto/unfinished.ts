import { fromUtf8, utf8 } from '../kernel/bytes.ts'
import { type Ref, StorageUnusable } from '../ports/storage.ts'

/** The record of the keyring. A storage with this record is a vault. */
export const keyringRef: Ref = { kind: 'keyring', id: 'main' }

/**
 * Replaces the keyring record while a storage is being filled. So an engine never mistakes a partial copy for a vault
 * or for an empty storage.
 */
export interface Unfinished {
  readonly unfinished: 'restore' | 'migrate'
  /** Hash of the source. */
  readonly from: string
}

export function markerBody({ unfinished, from }: Unfinished): Uint8Array {
  return utf8(JSON.stringify({ unfinished, from }))
}

/** Returns the marker, or null if this is the body of a keyring. */
export function unfinishedIn(body: Uint8Array): Unfinished | null {
  const found = JSON.parse(fromUtf8(body)) as Partial<Unfinished>
  return found.unfinished && found.from ? { unfinished: found.unfinished, from: found.from } : null
}

export function refuseUnfinished(body: Uint8Array): void {
  const found = unfinishedIn(body)
  if (!found) return
  const { unfinished } = found
  throw new StorageUnusable(
    `This storage is only half filled, because pawl ${unfinished} did not finish. Run the same pawl ${unfinished} again.`,
  )
}
