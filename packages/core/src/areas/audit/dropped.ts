import type { Crypto } from '../../ports/crypto.ts'
import { kind } from '../../records/index.ts'
import type { Place } from './chain.ts'
import { isSignedBy, signedBytes } from './signing-keys.ts'
import type { Trail } from './trail.ts'

/**
 * The beginning of a lane was dropped, up to the end of one of its segments. A key of the HSM signs this before anything is
 * deleted. So verification begins there, and whatever else is missing was not dropped by Pawl.
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

/** How much of a lane was dropped, as the HSM has signed it. */
export async function droppedPart(
  { crypto, signingKeys }: { readonly crypto: Crypto; readonly signingKeys: readonly Uint8Array[] },
  trail: Trail,
  lane: string,
): Promise<DroppedPart> {
  const end = await trail.reading().get(droppedKind, lane)
  if (!end) return { end, problem: null }
  const isSigned = isSignedBy(crypto, signingKeys, droppedMessage(trail.org, end), end.signature)
  return isSigned ? { end, problem: null } : { end: null, problem: 'The record of dropped events is not signed.' }
}
