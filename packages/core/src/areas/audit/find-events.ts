import { type Context, perEngine } from '../../operations/index.ts'
import { type AuditDraft, type AuditEvent, eventsOf, keyedMutex } from '../../records/index.ts'
import { notAuthentic, searchedBlocks } from './search.ts'
import { hashesOf, hasTerms, type Terms } from './search-index.ts'
import { blocksByTime, trailOf } from './trail.ts'

/** Which events of an organisation are wanted. */
export interface EventsWanted {
  readonly org: string
  /** The caller of the search. A caller has one search at a time. */
  readonly askedBy: string
  readonly terms: Terms
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly offset: number
  readonly limit: number
  /** Counts all matching events up to this number. Default: the search stops at the last requested event. */
  readonly countMax?: number
  /** Whether an event may be shown. */
  isOpen(draft: AuditDraft): boolean
}

export interface EventsFound {
  /** Newest first. */
  readonly events: readonly AuditEvent[]
  /** How many fit, as far as they were counted. */
  readonly counted: number
}

/**
 * Finds events of the trail of an organisation, newest first. Who calls this decides what the caller may see.
 *
 * @example
 * const { events } = findEvents(context, { org, askedBy: caller.id, terms: { resource: appId }, offset: 0, limit: 50, isOpen })
 */
export function findEvents(context: Context, wanted: EventsWanted): EventsFound {
  return context.unit.waitFor(() => oneAtATime(context, wanted.askedBy, () => search(context, wanted)))
}

const auditKeys = perEngine(({ auditKey }) => auditKey)
const searches = perEngine(() => keyedMutex())

/** A search may walk the whole trail. */
async function oneAtATime<T>(context: Context, askedBy: string, work: () => Promise<T>): Promise<T> {
  const leave = await searches(context).lock(askedBy)
  try {
    return await work()
  } finally {
    leave()
  }
}

async function search(context: Context, wanted: EventsWanted): Promise<EventsFound> {
  const { crypto } = context
  const { org, terms, from, to, offset, limit, isOpen } = wanted
  const end = offset + limit
  const countMax = Math.max(end, wanted.countMax ?? 0)
  const hashes = hashesOf(crypto, auditKeys(context)(org), terms)
  const trail = trailOf(context, org)
  const blocks =
    hashes.length > 0
      ? searchedBlocks(trail, hashes, { from, to })
      : blocksByTime(trail, { from, to, newestFirst: true, wanted: end })
  const events: AuditEvent[] = []
  let counted = 0
  for await (const block of blocks) {
    if (block === null) throw notAuthentic()
    if (!block.drafts.some((draft) => isOpen(draft) && hasTerms(draft, terms))) continue
    for (const event of eventsOf(crypto, block).reverse()) {
      if (!isOpen(event) || !hasTerms(event, terms)) continue
      if (counted >= offset && counted < end) events.push(event)
      if (++counted >= countMax) return { events, counted }
    }
  }
  return { events, counted }
}

/** Which keys of events are wanted. */
export interface KeysWanted extends Pick<EventsWanted, 'org' | 'askedBy' | 'terms' | 'from'> {
  /** The search ends when it found all of these. */
  readonly keys: ReadonlySet<string>
  /** Of how many events it reads the keys, before it ends without an answer for the rest. */
  readonly eventsMax: number
  keysOf(draft: AuditDraft): readonly string[]
}

/** The time of the newest event of each key, and whether the search ended before it read all events. */
export interface KeysFound {
  readonly newest: ReadonlyMap<string, number>
  readonly isPartial: boolean
}

/**
 * Finds the newest event of each key, with a limit on the events that it reads.
 *
 * @example
 * newestByKey(context, { org, askedBy, terms: { actor }, keys: new Set(['secret.read']), eventsMax: 5_000, keysOf: ({ action }) => [action] })
 */
export function newestByKey(context: Context, wanted: KeysWanted): KeysFound {
  return context.unit.waitFor(() => oneAtATime(context, wanted.askedBy, () => searchKeys(context, wanted)))
}

async function searchKeys(context: Context, wanted: KeysWanted): Promise<KeysFound> {
  const { org, terms, from, keys, keysOf, eventsMax } = wanted
  const hashes = hashesOf(context.crypto, auditKeys(context)(org), terms)
  const newest = new Map<string, number>()
  let left = eventsMax
  for await (const block of searchedBlocks(trailOf(context, org), hashes, { from })) {
    for (const draft of block.drafts) {
      if (!hasTerms(draft, terms)) continue
      left--
      for (const key of keysOf(draft)) if (keys.has(key) && !newest.has(key)) newest.set(key, block.at)
    }
    if (newest.size === keys.size) break
    if (left <= 0) return { newest, isPartial: true }
  }
  return { newest, isPartial: false }
}
