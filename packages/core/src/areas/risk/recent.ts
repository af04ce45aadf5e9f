import { hour, minute } from '../../kernel/time.ts'

// What principals did in the last minutes, in the memory of one engine. Its size is bounded, and it is filled again from the
// audit trail after a start.

/** The windows in which detectors count. */
export const windows = { requests: minute, denied: 5 * minute, secrets: 10 * minute } as const

const slotCount = 10

/** A count over a window of milliseconds, exact to a tenth of the window. */
class SlidingCount {
  readonly #slotMs: number
  readonly #slots = new Uint32Array(slotCount)
  #newest = 0

  constructor(windowMs: number) {
    this.#slotMs = windowMs / slotCount
  }

  add(at: number): void {
    const slot = this.#advance(at)
    if (slot > this.#newest - slotCount) this.#slots[slot % slotCount] = (this.#slots[slot % slotCount] ?? 0) + 1
  }

  total(at: number): number {
    this.#advance(at)
    let sum = 0
    for (const count of this.#slots) sum += count
    return sum
  }

  /** Forgets what the window has left behind. Older times than the newest are told as they are. */
  #advance(at: number): number {
    const slot = Math.floor(at / this.#slotMs)
    const gone = Math.min(slotCount, slot - this.#newest)
    for (let step = 1; step <= gone; step++) this.#slots[(this.#newest + step) % slotCount] = 0
    // After a long gap, every count is outdated.
    if (gone === slotCount) this.#slots.fill(0)
    if (slot > this.#newest) this.#newest = slot
    return slot
  }
}

/** How many different things there were in a window: exact below the bound, and the bound above it. */
export class DistinctCount {
  static readonly max = 1_000
  readonly #windowMs: number
  readonly #seen = new Map<number, number>()

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(name: string, at: number): void {
    const hash = hashOf(name)
    const known = this.#seen.get(hash)
    if (known === undefined && this.#seen.size >= DistinctCount.max) this.#prune(at)
    if (known !== undefined || this.#seen.size < DistinctCount.max) this.#seen.set(hash, Math.max(at, known ?? 0))
  }

  /** Not less than `total`, without the work of it. */
  get atMost(): number {
    return this.#seen.size
  }

  total(at: number): number {
    this.#prune(at)
    return this.#seen.size
  }

  #prune(at: number): void {
    for (const [hash, seenAt] of this.#seen) if (seenAt <= at - this.#windowMs) this.#seen.delete(hash)
  }
}

/** FNV-1a. Two secrets with one hash count as one, which is rare and harmless. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

const addressesMax = 16

/** The initial counts from which the engine takes a closer look. The first look determines the real counts. */
const looksMin = { requests: 1_000, denied: 10, secrets: 10 }
const never = { requests: 0, secrets: 0 }

/** The recent activity of one principal. */
export class Recent {
  readonly requests = new SlidingCount(windows.requests)
  readonly denied = new SlidingCount(windows.denied)
  readonly secrets = new DistinctCount(windows.secrets)
  /** The most requests and secrets in the hour that is over. What happens now is not usual yet. */
  usual = never
  #peak = never
  #hourBegan = 0
  /** Time until which a detector says nothing more, by its name. */
  readonly rests = new Map<string, number>()
  /** Time of the last request. */
  lastAt = 0
  #looks: Readonly<Record<keyof typeof windows, number>> = looksMin
  #looksAgainAt = 0
  readonly #addresses = new Set<string>()

  /** Counts one request, and answers whether detectors must look at it. */
  count(at: number, { isDenied, secret }: { readonly isDenied: boolean; readonly secret: string | null }): boolean {
    if (at - this.#hourBegan >= hour) {
      this.usual = this.#peak
      this.#peak = never
      this.#hourBegan = at
    }
    this.requests.add(at)
    if (isDenied) this.denied.add(at)
    if (secret !== null) this.secrets.add(secret, at)
    const [requests, secrets] = [this.requests.total(at), this.secrets.atMost]
    const peak = this.#peak
    if (requests > peak.requests || secrets > peak.secrets)
      this.#peak = { requests: Math.max(requests, peak.requests), secrets: Math.max(secrets, peak.secrets) }
    const looks = at < this.#looksAgainAt ? this.#looks : looksMin
    const isStorm = isDenied && this.denied.total(at) >= looks.denied
    return requests >= looks.requests || secrets >= looks.secrets || isStorm
  }

  /** From now until then, only counts of these thresholds are worth a look. */
  lookFrom(thresholds: Readonly<Record<keyof typeof windows, number>>, until: number): void {
    this.#looks = thresholds
    this.#looksAgainAt = until
  }

  /** The thresholds may be others now. */
  lookAgain(): void {
    this.#looks = looksMin
    this.#looksAgainAt = 0
  }

  /** Forgets the counts, which were learned or were an attack. */
  forgetUsual(): void {
    this.usual = never
    this.#peak = never
  }

  /** Whether this engine sees the address for the first time since it started, or since many others. */
  isNewAddress(ip: string): boolean {
    if (this.#addresses.has(ip)) return false
    if (this.#addresses.size >= addressesMax) this.#addresses.clear()
    this.#addresses.add(ip)
    return true
  }
}
