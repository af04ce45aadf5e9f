import { type Context, oneWalkAtATime, perEngine } from '../../operations/index.ts'
import { type AuditBlock, type AuditDraft, type AuditEvent, eventsOf } from '../../records/index.ts'
import { notAuthentic, searchedBlocks } from './search.ts'
import { hashesOf, hasTerms, type Terms } from './search-index.ts'
import { blocksByTime, trailOf } from './trail.ts'

/** Which events of an organisation are wanted. */
export interface EventsWanted {
  readonly org: string
  /** The caller of the search. A caller has one search at a time. */
  readonly askedBy: string
  readonly terms: Terms
  /** Only events with one of these actions. Default: all. */
  readonly actions?: ReadonlySet<string> | undefined
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
  return context.unit.waitFor(() => oneWalkAtATime(context, wanted.askedBy, () => search(context, wanted)))
}

const auditKeys = perEngine(({ auditKey }) => auditKey)

async function search(context: Context, wanted: EventsWanted): Promise<EventsFound> {
  const { crypto } = context
  const { org, terms, actions, from, to, offset, limit } = wanted
  const end = offset + limit
  const countMax = Math.max(end, wanted.countMax ?? 0)
  const key = auditKeys(context)(org)
  const own = hashesOf(crypto, key, terms)
  const anyOf = actions ? [...actions].map((action) => [...own, ...hashesOf(crypto, key, { action })]) : [own]
  const fits = (draft: AuditDraft) =>
    wanted.isOpen(draft) && hasTerms(draft, terms) && (actions?.has(draft.action) ?? true)
  const trail = trailOf(context, org)
  const blocks =
    actions || own.length > 0
      ? searchedBlocks(trail, () => anyOf, { from, to })
      : blocksByTime(trail, { from, to, newestFirst: true, wanted: end })
  const events: AuditEvent[] = []
  let counted = 0
  for await (const block of blocks) {
    if (block === null) throw notAuthentic()
    if (!block.drafts.some(fits)) continue
    for (const event of eventsOf(crypto, block).reverse()) {
      if (!fits(event)) continue
      if (counted >= offset && counted < end) events.push(event)
      if (++counted >= countMax) return { events, counted }
    }
  }
  return { events, counted }
}

/** Keys of the events with the same terms. */
export interface KeyGroup {
  readonly terms: Terms
  /** The search for this group ends when it found all of these. */
  readonly keys: ReadonlySet<string>
  keysOf(draft: AuditDraft): readonly string[]
}

/** Which keys of events are wanted. */
export interface KeysWanted extends Pick<EventsWanted, 'org' | 'askedBy' | 'from'> {
  readonly groups: readonly KeyGroup[]
  /**
   * How many events the whole search looks at, also events that do not fit. Each group has an equal share of it, so that one
   * with many events takes nothing from the others.
   */
  readonly eventsMax: number
}

/** The time of the newest event of each key, and whether the search ended before it read all events of the group. */
export interface KeysFound {
  readonly newest: ReadonlyMap<string, number>
  readonly isPartial: boolean
}

/**
 * Finds the newest event of each key, for all groups in one walk, with a limit on the events that it looks at.
 *
 * @example
 * const group = { terms: { actor }, keys: new Set(['secret.read']), keysOf: ({ action }) => [action] }
 * const [found] = newestByKey(context, { org, askedBy, groups: [group], eventsMax: 5_000 })
 */
export function newestByKey(context: Context, wanted: KeysWanted): readonly KeysFound[] {
  return context.unit.waitFor(() => oneWalkAtATime(context, wanted.askedBy, () => searchKeys(context, wanted)))
}

interface GroupSearch extends KeyGroup {
  readonly hashes: readonly number[]
  readonly newest: Map<string, number>
  /** How many more of its events are read. */
  left: number
  isPartial: boolean
}

async function searchKeys(context: Context, { org, from, groups, eventsMax }: KeysWanted): Promise<KeysFound[]> {
  const key = auditKeys(context)(org)
  const share = Math.ceil(eventsMax / Math.max(1, groups.length))
  const all = groups.map((group): GroupSearch => {
    const hashes = hashesOf(context.crypto, key, group.terms)
    return { ...group, hashes, newest: new Map(), left: share, isPartial: false }
  })
  let open = all
  let left = eventsMax
  const anyOf = () => open.map(({ hashes }) => hashes)
  for await (const block of searchedBlocks(trailOf(context, org), anyOf, { from })) {
    for (const group of open) note(group, block)
    left -= block.drafts.length
    open = open.filter((group) => goesOn(group, left))
    if (open.length === 0) break
  }
  return all.map(({ newest, isPartial }) => ({ newest, isPartial }))
}

/** Takes the keys of the events of a block, which is older than those before it. */
function note(group: GroupSearch, { at, drafts }: AuditBlock): void {
  const { terms, keys, newest } = group
  for (const draft of drafts) {
    if (!hasTerms(draft, terms)) continue
    group.left--
    for (const key of group.keysOf(draft)) if (keys.has(key) && !newest.has(key)) newest.set(key, at)
  }
}

/** Whether the search goes on for a group. */
function goesOn(group: GroupSearch, left: number): boolean {
  if (group.newest.size === group.keys.size) return false
  group.isPartial = group.left <= 0 || left <= 0
  return !group.isPartial
}
