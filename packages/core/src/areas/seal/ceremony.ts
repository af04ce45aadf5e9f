import { fingerprint, parseRootShare, shareText, splitRoot, wipeShare } from '../../crypto/root-shares.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Crypto } from '../../ports/crypto.ts'
import type { Random } from '../../ports/random.ts'
import { nobleCrypto, systemClock, systemRandom } from '../../ports/reference/index.ts'
import type { Storage } from '../../ports/storage.ts'
import { type Collected, Collector } from './collector.ts'
import { keepShareSets, setOf, shareSets } from './share-sets.ts'

export interface CeremonyOptions {
  /** The storage of the vault. No other process may have it open. */
  readonly storage: Storage
  readonly crypto?: Crypto
  readonly random?: Random
  readonly clock?: Clock
}

/** New root shares. They are valid after `settle`. */
export interface NewShares {
  readonly set: string
  /** One text per custodian. Show each text once and do not store it. */
  readonly texts: readonly string[]
}

/** Operations on root shares while the vault is stopped. */
export interface Ceremony {
  /** The current set, its number of shares and its threshold. Null if the root key is not split. */
  shape(): Promise<{ readonly set: string; readonly shares: number; readonly threshold: number } | null>
  /** Takes a typed share. Returns the root key with the last required share. Throws `share_refused`. */
  offer(text: string): Promise<Collected>
  /** Returns whether a custodian typed the share that they got. */
  isSame(typed: string, given: string): boolean
  /** Creates shares of a new root key. The shares of the current one stay valid until `settle`. */
  prepare(root: Uint8Array, shares: number, threshold: number): Promise<NewShares>
  /** Makes this set the only valid one. Null: the root key is not split any more. */
  settle(set: string | null): Promise<void>
}

/**
 * Splits a root key into shares, or joins shares. To survive a crash at any time, call `prepare`, change the root key
 * in the key store, and then call `settle`.
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
