import { fromUtf8, utf8 } from '../kernel/bytes.ts'
import { type Ref, StorageUnusable } from '../ports/storage.ts'

/** Where the keyring is kept: the one record that makes a store a vault. */
export const keyringRef: Ref = { kind: 'keyring', id: 'main' }

/**
 * Stands in the place of the keyring while a store is being filled, so that nobody takes half a vault for a whole one,
 * or for an empty store.
 */
export interface Unfinished {
  readonly unfinished: 'restore' | 'migrate'
  /** What it is filled from, as a hash. */
  readonly from: string
}

export function markerBody({ unfinished, from }: Unfinished): Uint8Array {
  return utf8(JSON.stringify({ unfinished, from }))
}

/** What is unfinished here, or null when this is the body of a keyring. */
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
