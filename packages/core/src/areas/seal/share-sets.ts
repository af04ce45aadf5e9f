import { fingerprint, type RootShare } from '../../crypto/root-shares.ts'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import type { Crypto } from '../../ports/crypto.ts'
import type { Storage } from '../../ports/storage.ts'

// What may be known of the shares of the root without any key: which set they are, how many, and a hash of each, so that
// a wrong share is refused when it is entered and not when all are there. It lies in the store in the clear.

export interface ShareSet {
  readonly id: string
  readonly threshold: number
  readonly shares: number
  /** By the number of the share, from the first on. */
  readonly fingerprints: readonly string[]
  readonly createdAt: number
}

export const shareSetsRecord = 'rootShares'
const ref = { kind: shareSetsRecord, id: 'main' }

/** The sets whose shares are taken: one, but for the time of a change, when the next stands beside it; none without shares. */
export async function shareSets(storage: Storage): Promise<readonly ShareSet[]> {
  const [stored] = await storage.get([ref])
  return stored ? (JSON.parse(fromUtf8(stored.body)) as ShareSet[]) : []
}

/** From now on, the shares of these sets are taken and no others. */
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
