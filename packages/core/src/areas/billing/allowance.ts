import type { Context, Engine } from '../../operations/index.ts'
import { perEngine } from '../../operations/index.ts'
import { accountOf, countingsOf } from './account.ts'
import { allowanceKind } from './records.ts'
import { requestsIn } from './usage.ts'

// A tier that limits requests would make all calls of an organisation write one record, one after the other. So an engine reserves
// many requests in one commit, and its calls take them from memory. A call that is not stored gives its request back. Reserved
// requests that are lost with an engine count as used, so the organisation gets fewer requests, and never more.

/** Whose requests are limited, and until when a reservation holds. */
export interface Limited {
  readonly org: string
  readonly limit: number
  readonly month: string
  /** Of the account. */
  readonly countings: number
}

/** Takes one request, in the unit of the call. Returns how many are taken with it. Null: the limit is reached. */
export function takeRequest(context: Context, limited: Limited): number | null {
  const { unit } = context
  const taken = unit.waitFor(() => allowances(context).take(limited))
  if (taken !== null) unit.whenDiscarded(() => allowances(context).giveBack(limited))
  return taken
}

/** What this engine has reserved for an organisation. */
interface Held {
  readonly limited: Limited
  /** Whether this engine has reserved nothing for the month before. */
  isFirst: boolean
  /** By all engines, when this one last reserved. */
  reserved: number
  left: number
  /** Calls that wait for a reservation. */
  waiting: number
  reserving: Promise<void> | null
}

/** A larger part of the room would be lost with an engine. */
const partOfRoom = 64
const reservedMax = 256

class Allowances {
  readonly #engine: Engine
  /** By organisation. */
  readonly #held = new Map<string, Held>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  take(limited: Limited): number | null | Promise<number | null> {
    const held = this.#of(limited)
    if (held.left > 0) return taken(held)
    return this.#reserveAndTake(held)
  }

  /** What belongs to a limit that no longer holds is void. */
  giveBack(limited: Limited): void {
    const held = this.#held.get(limited.org)
    if (held && isSame(held.limited, limited)) held.left++
  }

  #of(limited: Limited): Held {
    const known = this.#held.get(limited.org)
    if (known && isSame(known.limited, limited)) return known
    const isFirst = known?.limited.month !== limited.month
    const held: Held = { limited, isFirst, reserved: 0, left: 0, waiting: 0, reserving: null }
    // A call that has read the account before it changed gets nothing, and runs again.
    const isOutdated = known !== undefined && known.limited.countings > limited.countings
    if (!isOutdated) this.#held.set(limited.org, held)
    return held
  }

  async #reserveAndTake(held: Held): Promise<number | null> {
    held.waiting++
    try {
      while (held.left === 0) {
        const before = held.reserved
        held.reserving ??= this.#reserve(held).finally(() => {
          held.reserving = null
        })
        await held.reserving
        if (held.left === 0 && held.reserved === before) return null
      }
      return taken(held)
    } finally {
      held.waiting--
    }
  }

  async #reserve(held: Held): Promise<void> {
    const { org, limit, month, countings } = held.limited
    const { records } = this.#engine
    // What an engine that was killed had reserved is free again, if no other engine can have anything.
    const isAnew = held.isFirst && !records.isShared
    const { more, reserved } = await records.transact((unit) => {
      const id = `${org}.${month}`
      const known = unit.get(allowanceKind, id)
      // The first call under a limit takes over what the trail has counted.
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
