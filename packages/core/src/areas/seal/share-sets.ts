import { fingerprint, type RootShare } from '../../crypto/root-shares.ts'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import type { Crypto } from '../../ports/crypto.ts'
import type { Storage } from '../../ports/storage.ts'

// Public data about the root shares, stored in clear text: the set, the number of shares, and a hash of each share. So
// a wrong share is refused when it is entered, and not after all shares.

export interface ShareSet {
  readonly id: string
  readonly threshold: number
  readonly shares: number
  /** Ordered by the number of the share. */
  readonly fingerprints: readonly string[]
  readonly createdAt: number
}

export const shareSetsRecord = 'rootShares'
const ref = { kind: shareSetsRecord, id: 'main' }

/** Returns the valid sets: one, two during a change, or none if the root key is not split. */
export async function shareSets(storage: Storage): Promise<readonly ShareSet[]> {
  const [stored] = await storage.get([ref])
  return stored ? (JSON.parse(fromUtf8(stored.body)) as ShareSet[]) : []
}

/** Stores the valid sets. Shares of other sets are refused from then on. */
export async function keepShareSets(storage: Storage, sets: readonly ShareSet[]): Promise<void> {
  const [stored] = await storage.get([ref])
  const version = String(Number(stored?.version ?? 0) + 1)
  if (sets.length > 0) {
    const body = utf8(JSON.stringify(sets))
    await storage.commit([{ op: 'put', ...ref, expect: stored?.version ?? null, version, body, keys: [] }])
  } else if (stored) {
    await storage.commit([{ op: 'delete', ...ref, expect: stored.version }])
  }
}

export function setOf(shares: readonly RootShare[], createdAt: number, crypto: Crypto): ShareSet {
  const [{ set: id, threshold } = { set: '', threshold: 0 }] = shares
  const fingerprints = shares.map((share) => fingerprint(share, crypto))
  return { id, threshold, shares: shares.length, fingerprints, createdAt }
}

export function isOf({ id, threshold, fingerprints }: ShareSet, share: RootShare, crypto: Crypto): boolean {
  const known = share.set === id && share.threshold === threshold
  return known && fingerprints[share.index - 1] === fingerprint(share, crypto)
}
