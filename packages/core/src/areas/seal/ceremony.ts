import { fingerprint, parseRootShare, shareText, splitRoot, wipeShare } from '../../crypto/root-shares.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Crypto } from '../../ports/crypto.ts'
import type { Random } from '../../ports/random.ts'
import { nobleCrypto, systemClock, systemRandom } from '../../ports/reference/index.ts'
import type { Storage } from '../../ports/storage.ts'
import { type Collected, Collector } from './collector.ts'
import { keepShareSets, setOf, shareSets } from './share-sets.ts'

export interface CeremonyOptions {
  /** The store of the vault, which nobody else has open. */
  readonly storage: Storage
  readonly crypto?: Crypto
  readonly random?: Random
  readonly clock?: Clock
}

/** New shares of a root key, not yet of any use. */
export interface NewShares {
  readonly set: string
  /** One for each custodian, to be shown once and kept nowhere. */
  readonly texts: readonly string[]
}

/** What is done with the shares of a root while the vault stands still. */
export interface Ceremony {
  /** The shares in use: their set, how many there are and how many are needed; null when the root is not in shares. */
  shape(): Promise<{ readonly set: string; readonly shares: number; readonly threshold: number } | null>
  /** Takes a share as a custodian types it; gives the root key with the last. Throws `share_refused`. */
  offer(text: string): Promise<Collected>
  /** Whether a custodian has typed the share that they were given. */
  isSame(typed: string, given: string): boolean
  /** Makes shares of a root that is about to be used. Those of the one in use are taken as well until `settle`. */
  prepare(root: Uint8Array, shares: number, threshold: number): Promise<NewShares>
  /** The root is in the shares of this set now, or in no shares at all: no others are taken any more. */
  settle(set: string | null): Promise<void>
}

/**
 * Splits a root key among custodians, or takes it back from them. The order that survives a crash at any moment is
 * `prepare`, then the change of the root in the key store, then `settle`.
 *
 * @example
 * const ceremony = openCeremony({ storage })
 * const { set, texts } = await ceremony.prepare(root, 5, 3)
 * await hsm.changeRoot({ shares: true }, root)
 * await ceremony.settle(set)
 */
export function openCeremony(options: CeremonyOptions): Ceremony {
  const { storage, crypto = nobleCrypto, random = systemRandom, clock = systemClock } = options
  const entered = new Collector(crypto)
  return {
    shape: async () => {
      const [set] = await shareSets(storage)
      return set ? { set: set.id, shares: set.shares, threshold: set.threshold } : null
    },
    offer: async (text) => entered.offer(text, await shareSets(storage), clock.now()),
    isSame: (typed, given) => {
      const [a, b] = [parseRootShare(typed, crypto), parseRootShare(given, crypto)]
      if (typeof a === 'string' || typeof b === 'string') return false
      const isSame = fingerprint(a, crypto) === fingerprint(b, crypto)
      wipeShare(a)
      wipeShare(b)
      return isSame
    },
    prepare: async (root, count, threshold) => {
      const shares = splitRoot(root, count, threshold, random)
      const set = setOf(shares, clock.now(), crypto)
      const texts = shares.map((share) => shareText(share, crypto))
      shares.forEach(wipeShare)
      const [inUse] = await shareSets(storage)
      await keepShareSets(storage, inUse ? [inUse, set] : [set])
      return { set: set.id, texts }
    },
    settle: async (set) => {
      const sets = await shareSets(storage)
      await keepShareSets(
        storage,
        sets.filter(({ id }) => id === set),
      )
    },
  }
}
