import type { Context, Engine } from '../../operations/index.ts'
import { perEngine } from '../../operations/index.ts'
import { accountOf, countingsOf } from './account.ts'
import { allowanceKind } from './records.ts'
import { requestsIn } from './usage.ts'

// An engine reserves many requests of a tier in one commit, and its calls take them from memory. Otherwise all calls of an
// organisation would write one record, one after the other. A call that is not stored returns its request. Requests that a killed
// engine reserved count as used on a shared store, so the organisation never gets more requests than the limit.

/** The organisation with the limit. A reservation is valid while `limit`, `month` and `countings` stay the same. */
export interface Limited {
  readonly org: string
  readonly limit: number
  readonly month: string
  /** `countings` of the account. */
  readonly countings: number
}

/** Takes one request, in the unit of the call. Returns the number of requests taken so far. Null: the limit is reached. */
export function takeRequest(context: Context, limited: Limited): number | null {
  const { unit } = context
  const taken = unit.waitFor(() => allowances(context).take(limited))
  if (taken !== null) unit.whenDiscarded(() => allowances(context).giveBack(limited))
  return taken
}

/** The requests that this engine has reserved for an organisation. */
interface Held {
  readonly limited: Limited
  /** Whether this engine has not yet reserved requests in this month. */
  isFirst: boolean
  /** The requests that all engines had reserved when this engine last reserved. */
  reserved: number
  left: number
  /** The engine reserves more when this many are left, so that calls do not wait. */
  few: number
  /** Calls that wait for a reservation. */
  waiting: number
  reserving: Promise<void> | null
}

/** An engine holds at most a 64th of what is left, in two reservations. An engine that is killed loses no more than that. */
const partOfRoom = 128
const reservedMax = 1_024

class Allowances {
  readonly #engine: Engine
  /** By organisation. */
  readonly #held = new Map<string, Held>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  take(limited: Limited): number | null | Promise<number | null> {
    const held = this.#of(limited)
    if (held.left === 0) return this.#reserveAndTake(held)
    // The next call that waits for a reservation gets the error.
    if (held.left === held.few) this.#reserve(held).catch(() => {})
    return taken(held)
  }

  /** Returns a request. A request of an earlier limit is void. */
  giveBack(limited: Limited): void {
    const held = this.#held.get(limited.org)
    if (held && isSame(held.limited, limited)) held.left++
  }

  #of(limited: Limited): Held {
    const known = this.#held.get(limited.org)
    if (known && isSame(known.limited, limited)) return known
    const isFirst = known?.limited.month !== limited.month
    const held: Held = { limited, isFirst, reserved: 0, left: 0, few: 0, waiting: 0, reserving: null }
    // The call read the account before a change. It gets no request, and the engine runs it again.
    const isOutdated = known !== undefined && known.limited.countings > limited.countings
    if (!isOutdated) this.#held.set(limited.org, held)
    return held
  }

  async #reserveAndTake(held: Held): Promise<number | null> {
    held.waiting++
    try {
      while (held.left === 0) {
        const before = held.reserved
        await this.#reserve(held)
        if (held.left === 0 && held.reserved === before) return null
      }
      return taken(held)
    } finally {
      held.waiting--
    }
  }

  /** Calls at the same time share a reservation. */
  #reserve(held: Held): Promise<void> {
    held.reserving ??= this.#reserveMore(held).finally(() => {
      held.reserving = null
    })
    return held.reserving
  }

  async #reserveMore(held: Held): Promise<void> {
    const { org, limit, month, countings } = held.limited
    const { records } = this.#engine
    // If no other engine shares the store, the reservations of a killed engine are free again.
    const isAnew = held.isFirst && !records.isShared
    const { more, reserved } = await records.transact((unit) => {
      const id = `${org}.${month}`
      const known = unit.get(allowanceKind, id)
      // The first reservation under a limit starts at the count of the trail.
      const isKnown = known?.countings === countings && !isAnew
      const counts = isKnown ? known.reserved : requestsIn(unit, org, month)
      const room = limit - counts
      const isOutdated = countingsOf(accountOf(unit, org)) !== countings
      const more = isOutdated ? 0 : Math.min(room, Math.max(held.waiting, partOf(room)))
      if (more <= 0) return { more: 0, reserved: counts }
      unit.put(allowanceKind, { id, org, month, countings, reserved: counts + more })
      return { more, reserved: counts + more }
    })
    held.isFirst = false
    held.left += more
    held.few = Math.floor(more / 2)
    held.reserved = reserved
  }
}

const allowances = perEngine((engine) => new Allowances(engine))

function partOf(room: number): number {
  return Math.min(reservedMax, Math.floor(room / partOfRoom))
}

function taken(held: Held): number {
  held.left--
  return held.reserved - held.left
}

function isSame(one: Limited, other: Limited): boolean {
  return one.month === other.month && one.limit === other.limit && one.countings === other.countings
}
