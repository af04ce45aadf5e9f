import type { Crypto } from '../../ports/crypto.ts'
import { kind } from '../../records/index.ts'
import { type Place, placeAfter } from './chain.ts'
import { isSignedBy, signedBytes } from './signing-keys.ts'
import { blockBefore, type Trail } from './trail.ts'

/**
 * The beginning of a lane was dropped, up to the end of one of its segments. A key of the HSM signs this before anything is
 * deleted. So verification begins there. If anything else is missing, Pawl did not drop it.
 */
export interface Dropped extends Place {
  /** The lane. */
  readonly id: string
  /** The last segment that was dropped. */
  readonly number: number
  readonly signature: string
}

export const droppedKind = kind<Dropped>('auditDropped')

export function droppedMessage(org: string, { id, number, next, mac, at }: Omit<Dropped, 'signature'>): Uint8Array {
  return signedBytes('audit-dropped', org, id, number, next, mac, at)
}

export interface DroppedPart {
  /** Where the part that is left begins; null when nothing was dropped. */
  readonly end: Dropped | null
  readonly problem: string | null
}

interface Keys {
  readonly crypto: Crypto
  readonly signingKeys: readonly Uint8Array[]
}

/** How much of a lane was dropped, as the HSM has signed it. */
export async function droppedPart({ crypto, signingKeys }: Keys, trail: Trail, lane: string): Promise<DroppedPart> {
  const end = await trail.reading().get(droppedKind, lane)
  if (!end) return { end, problem: null }
  const isSigned = isSignedBy(crypto, signingKeys, droppedMessage(trail.org, end), end.signature)
  return isSigned ? { end, problem: null } : { end: null, problem: 'The record of dropped events is not signed.' }
}

/**
 * Where a lane was before its event with this number, from the block before it or from the signed end of what was dropped.
 * Null: neither of them has the place.
 */
export async function placeAt(keys: Keys, trail: Trail, lane: string, next: number): Promise<Place | null> {
  const block = await blockBefore(trail, lane, next)
  if (block) return placeAfter(block)
  const { end } = await droppedPart(keys, trail, lane)
  return end?.next === next ? end : null
}
