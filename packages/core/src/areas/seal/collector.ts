import { joinRootShares, parseRootShare, type RootShare, wipeShare } from '../../crypto/root-shares.ts'
import type { PawlError } from '../../kernel/errors.ts'
import { minute } from '../../kernel/time.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type RequestRejected, shareRefused } from './errors.ts'
import { isOf, type ShareSet } from './share-sets.ts'

/** The progress of a set of shares. */
export interface Collected {
  readonly set: ShareSet
  readonly indexes: readonly number[]
  /** The root key, if the share was the last required one. The caller must wipe it. */
  readonly root: Uint8Array | null
}

const patienceMs = 10 * minute

/**
 * Collects shares until there are enough. Only a correct share changes the state, and no input removes a share (D16).
 * After ten minutes without a new share, all are forgotten. It never holds more shares than the sets have.
 */
export class Collector {
  readonly #crypto: Crypto
  readonly #shares = new Map<string, RootShare[]>()
  #lastAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  /** Takes a share of one of these sets. Otherwise throws and changes nothing. */
  offer(text: string, sets: readonly ShareSet[], now: number): Collected {
    this.#forgetOld(now)
    const share = parseRootShare(text, this.#crypto)
    if (typeof share === 'string') throw shareRefused({ reason: share })
    const set = sets.find((one) => isOf(one, share, this.#crypto))
    if (!set) throw refused(share, { reason: sets.length > 0 ? 'foreign' : 'no_shares' })
    const before = this.#shares.get(set.id) ?? []
    if (before.some(({ index }) => index === share.index)) throw refused(share, { reason: 'repeated' })
    const shares = [...before, share]
    this.#shares.set(set.id, shares)
    this.#waitFrom(now)
    const indexes = shares.map(({ index }) => index)
    return { set, indexes, root: shares.length < set.threshold ? null : this.#join(set.id, shares) }
  }

  /** Number of collected shares of the set with the most shares. */
  progress(now: number): number {
    this.#forgetOld(now)
    return Math.max(0, ...[...this.#shares.values()].map((shares) => shares.length))
  }

  /** Wipes all shares from memory. */
  wipe(): void {
    clearTimeout(this.#timer)
    for (const shares of this.#shares.values()) shares.forEach(wipeShare)
    this.#shares.clear()
  }

  /** Joins the shares and wipes them, whether or not the root key is correct. */
  #join(set: string, shares: readonly RootShare[]): Uint8Array {
    const root = joinRootShares(shares)
    shares.forEach(wipeShare)
    this.#shares.delete(set)
    return root
  }

  #forgetOld(now: number): void {
    if (now - this.#lastAt >= patienceMs) this.wipe()
  }

  /** The timer wipes the shares even if no further call arrives. */
  #waitFrom(now: number): void {
    this.#lastAt = now
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wipe(), patienceMs)
    ;(this.#timer as { unref?: () => void }).unref?.()
  }
}

function refused(share: RootShare, why: RequestRejected): PawlError {
  wipeShare(share)
  return shareRefused(why)
}
