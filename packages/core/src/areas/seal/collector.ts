import { joinRootShares, parseRootShare, type RootShare, wipeShare } from '../../crypto/root-shares.ts'
import type { PawlError } from '../../kernel/errors.ts'
import { minute } from '../../kernel/time.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type RequestRejected, shareRefused } from './errors.ts'
import { isOf, type ShareSet } from './share-sets.ts'

/** How far the shares of a set have come. */
export interface Collected {
  readonly set: ShareSet
  readonly indexes: readonly number[]
  /** The root key, when the share was the last that is needed. The caller wipes it. */
  readonly root: Uint8Array | null
}

const patienceMs = 10 * minute

/**
 * Gathers shares until there are enough. Only a true share changes anything, and nothing that anybody sends takes one
 * away (D16); after ten minutes without one, all are forgotten. There are never more than the sets have.
 */
export class Collector {
  readonly #crypto: Crypto
  readonly #shares = new Map<string, RootShare[]>()
  #lastAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  /** Takes a share of one of these sets, or throws and changes nothing. */
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

  /** How many shares of the set that is furthest are there. */
  progress(now: number): number {
    this.#forgetOld(now)
    return Math.max(0, ...[...this.#shares.values()].map((shares) => shares.length))
  }

  /** Leaves nothing of any share in memory. */
  wipe(): void {
    clearTimeout(this.#timer)
    for (const shares of this.#shares.values()) shares.forEach(wipeShare)
    this.#shares.clear()
  }

  /** Used once, whether or not it opens anything. */
  #join(set: string, shares: readonly RootShare[]): Uint8Array {
    const root = joinRootShares(shares)
    shares.forEach(wipeShare)
    this.#shares.delete(set)
    return root
  }

  #forgetOld(now: number): void {
    if (now - this.#lastAt >= patienceMs) this.wipe()
  }

  /** The timer takes them out of memory also when nobody asks any more. */
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
