import { Lru } from '../../kernel/lru.ts'
import { nextTurn } from '../../kernel/turn.ts'
import { type Engine, perEngine, type ScheduledTask, type Watcher } from '../../operations/index.ts'
import { type AuditBlock, type AuditDraft, eventHash, eventId } from '../../records/index.ts'
import { type Follows, followLanes } from './follow.ts'
import {
  type Access,
  isValueRead,
  loadPlaces,
  noticeHoneytokens,
  placesKnown,
  placeText,
  reactTo,
  readerOf,
  stopAtOnce,
} from './honeytokens.ts'
import { type Doubt, judge } from './judge.ts'
import { Recent } from './recent.ts'

// Every block of audit events that this engine stores passes through here, after its commit. Callers wait for the count, which
// reads no record and makes no promise. Work that reads the store runs after the answers.

/** Principals that are remembered. Of the others, only the last minutes are forgotten. */
const principalsMax = 1_000
/** Looks that may wait. The next one tells the same. */
const doubtsMax = 200

const states = perEngine(() => ({
  recents: new Lru<string, Recent>({ max: principalsMax }),
  /** How far other lanes were counted, by organisation. */
  orgs: new Map<string, Follows>(),
  doubts: 0,
  tail: Promise.resolve() as Promise<unknown>,
}))

export const watch: Watcher = (engine, org, block) => {
  const isFirst = !states(engine).orgs.has(org)
  if (isFirst) states(engine).orgs.set(org, new Map([[block.lane, null]]))
  noticeChanges(engine, org, block)
  const doubts = countBlock(engine, block)
  const places = placesKnown(engine, org)
  const reads = block.drafts.some(isValueRead)
  const found = places && reads ? accessesAt(engine, block, places) : []
  stopAtOnce(engine, found)
  // A shared store may hold others by now, which matters once a secret is read.
  const isToLoad = places === null && (reads || !engine.records.isShared)
  if (!isFirst && !isToLoad && found.length + doubts.length === 0) return null
  return later(engine, async () => {
    if (isFirst) await follow(engine, org, block)
    const known = places ?? (await loadPlaces(engine, org))
    await reactTo(engine, org, places ? found : accessesAt(engine, block, known))
    for (const doubt of doubts) await judge(engine, org, doubt, recentOf(engine, doubt.suspect.id))
  }).finally(() => {
    states(engine).doubts -= doubts.length
  })
}

/** Ends what was begun, and counts what other engines store, where there can be some. */
export const followTask: ScheduledTask = {
  name: 'risk.follow',
  everyMs: 0,
  run: async (engine) => {
    await states(engine).tail
    if (!engine.records.isShared) return
    for (const org of states(engine).orgs.keys()) await later(engine, () => follow(engine, org, null))
  },
}

/** Runs work one after the other, so that the first finding is reported first. */
function later(engine: Engine, work: () => Promise<void>): Promise<void> {
  const state = states(engine)
  const done = state.tail.then(nextTurn).then(work)
  state.tail = done.catch(() => {})
  return done
}

function follow(engine: Engine, org: string, own: AuditBlock | null): Promise<void> {
  const lanes = states(engine).orgs.get(org) ?? new Map()
  return followLanes(engine, org, lanes, own, (draft, at) => {
    const suspect = readerOf(draft)
    if (suspect) countIn(recentOf(engine, suspect.id), draft, at)
  })
}

/** What this engine remembers of an organisation may have changed. */
function noticeChanges(engine: Engine, org: string, { drafts }: AuditBlock): void {
  for (const draft of drafts) {
    noticeHoneytokens(engine, org, draft)
    if (draft.action === 'org.settings_change') for (const recent of states(engine).recents.values()) recent.lookAgain()
  }
}

/** Counts the events of a block. Answers those that detectors must look at, one for each principal. */
function countBlock(engine: Engine, block: AuditBlock): Doubt[] {
  const state = states(engine)
  const doubts: Doubt[] = []
  for (const [index, draft] of block.drafts.entries()) {
    const suspect = readerOf(draft)
    if (!suspect) continue
    const recent = recentOf(engine, suspect.id)
    const { lastAt } = recent
    const worth = countIn(recent, draft, block.at)
    const isNewAddress = draft.ip !== null && recent.isNewAddress(draft.ip)
    const isKnown = doubts.some((doubt) => doubt.suspect.id === suspect.id && !isNewAddress)
    if ((!worth && !isNewAddress) || isKnown || state.doubts >= doubtsMax) continue
    state.doubts++
    doubts.push({ ...accessAt(engine, block, index), suspect, isNewAddress, lastAt })
  }
  return doubts
}

function countIn(recent: Recent, draft: AuditDraft, at: number): boolean {
  const { outcome, vault_id, path } = draft.details
  const secret = isValueRead(draft) ? placeText(vault_id, path) : null
  const worth = recent.count(at, { isDenied: outcome === 'denied', secret })
  recent.lastAt = Math.max(at, recent.lastAt)
  return worth
}

function recentOf(engine: Engine, principalId: string): Recent {
  const { recents } = states(engine)
  const known = recents.get(principalId)
  if (known) return known
  const made = new Recent()
  recents.set(principalId, made)
  return made
}

/** The reads of these places. */
function accessesAt(engine: Engine, block: AuditBlock, places: ReadonlySet<string>): Access[] {
  if (places.size === 0) return []
  return block.drafts.flatMap((draft, index) => {
    const isThere = isValueRead(draft) && places.has(placeText(draft.details.vault_id, draft.details.path))
    return isThere ? [accessAt(engine, block, index)] : []
  })
}

function accessAt({ crypto }: Engine, { at, mac, first, drafts }: AuditBlock, index: number): Access {
  const draft = drafts[index] as AuditDraft
  return { eventId: eventId(eventHash(crypto, mac, first + index)), at, draft }
}
