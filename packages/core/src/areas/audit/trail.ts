import type { Tuple } from '../../kernel/keys.ts'
import { nextTurn } from '../../kernel/turn.ts'
import type { UnitContext } from '../../operations/index.ts'
import {
  type AuditBlock,
  blockKind,
  type Kind,
  type LaneHead,
  laneKind,
  type PageOptions,
  type Reading,
  type Recorded,
  TamperedRecord,
} from '../../records/index.ts'

/** The audit trail of one organisation, as it stands in the store. */
export interface Trail {
  readonly org: string
  /** Reads it as it is now; nothing of it stays in memory. */
  reading(): Reading
}

export function trailOf({ reading }: Pick<UnitContext, 'reading'>, org: string): Trail {
  return { org, reading: () => reading(org) }
}

export interface TimeRange {
  /** Both included, in milliseconds. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly newestFirst?: boolean
  /** How many events are wanted. Fewer blocks than this are read at first. */
  readonly wanted?: number
}

/** Blocks in the order of time; null, as the last, when there is one that does not open. */
export function blocksByTime(trail: Trail, { from, to, newestFirst = false, wanted = rowsAtOnceMax }: TimeRange) {
  const range = {
    reverse: newestFirst,
    ...(from === undefined ? {} : { from: [from] }),
    ...(to === undefined ? {} : { to: [to + 1] }),
  }
  return walk(trail.reading, blockKind, 'time', range, ({ at, lane, first }) => [at, lane, first], wanted)
}

/** Blocks of a lane that begin in this range, oldest first; null, as the last, when there is one that does not open. */
export function blocksOf(trail: Trail, lane: string, from = 0, to?: number): AsyncGenerator<AuditBlock | null> {
  const range = { tuple: [lane], from: [lane, from], ...(to === undefined ? {} : { to: [lane, to] }) }
  return walk(trail.reading, blockKind, 'lane', range, ({ first }) => [lane, first])
}

/**
 * Blocks of a lane from the one on that holds the event with this number: a subscriber may have taken a part of a block.
 * Null, as the last, when there is one that does not open.
 */
export async function* blocksFrom(trail: Trail, lane: string, next: number): AsyncGenerator<AuditBlock | null> {
  const before = { tuple: [lane], to: [lane, next + 1], reverse: true, limit: 1 }
  const start = await unlessTampered(trail.reading().page(blockKind, 'lane', before))
  if (start === null) return yield null
  yield* start
  yield* blocksOf(trail, lane, (start[0]?.first ?? -1) + 1)
}

/** The number of the first event of a lane that was stored at this time or later; `end` when there is none. */
export async function firstSince(trail: Trail, lane: string, since: number, end: number): Promise<number> {
  let [low, high] = [0, end]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const holding = { tuple: [lane], to: [lane, middle + 1], reverse: true, limit: 1 }
    const [block] = await trail.reading().page(blockKind, 'lane', holding)
    // What is not there was dropped, and is older than everything that is.
    if (!block) low = middle + 1
    else if (block.at >= since) high = Math.min(middle, block.first)
    else low = block.first + block.drafts.length
  }
  return high
}

/** The block that ends just before the event with this number; null when it is not there or does not open. */
export async function blockBefore(trail: Trail, lane: string, next: number): Promise<AuditBlock | null> {
  const options = { tuple: [lane], to: [lane, next], reverse: true, limit: 1 }
  const [block] = (await unlessTampered(trail.reading().page(blockKind, 'lane', options))) ?? []
  return block && block.first + block.drafts.length === next ? block : null
}

/** Where the lanes of all organisations end. Throws when there is an end that does not open. */
export async function* allHeads({ reading }: Pick<UnitContext, 'reading'>): AsyncGenerator<LaneHead> {
  for await (const head of walk(reading, laneKind, 'org', {}, ({ org, lane }) => [org, lane])) {
    if (head === null) throw new Error('The end of an audit lane is not authentic. Run `pawl audit verify`.')
    yield head
  }
}

/** Where the lanes of the organisation end; null, as the last, when there is an end that does not open. */
export function headsOf(trail: Trail): AsyncGenerator<LaneHead | null> {
  return walk(trail.reading, laneKind, 'org', { tuple: [trail.org] }, ({ org, lane }) => [org, lane])
}

/** Where one lane ends. Undefined: there is no record of the end. Null: the record of the end is not authentic. */
export async function headOf(trail: Trail, lane: string): Promise<LaneHead | null | undefined> {
  const heads = walk(trail.reading, laneKind, 'org', { tuple: [trail.org, lane] }, ({ org, lane }) => [org, lane])
  for await (const head of heads) return head
  return undefined
}

/** The lanes that have records of a kind which is indexed by lane. */
export async function lanesIn<T extends Recorded & { readonly lane: string }>(
  trail: Trail,
  kind: Kind<T>,
): Promise<string[]> {
  const lanes: string[] = []
  for (let last: string | undefined; ; ) {
    const options: PageOptions = { limit: 1, ...(last === undefined ? {} : { after: [last] }) }
    const [record] = (await unlessTampered(trail.reading().page(kind, 'lane', options))) ?? []
    if (!record) return lanes
    last = record.lane
    lanes.push(last)
  }
}

/** Blocks of a busy vault hold fifty events: opening so many takes about a millisecond. Then others go first. */
export const rowsAtOnceMax = 10

/**
 * Walks an index in order. It asks the store page by page and not the memory of the engine, which knows nothing of the
 * trail. A record that does not open ends the walk: null stands for it, after everything before it.
 */
export async function* walk<T extends Recorded>(
  reading: () => Reading,
  kind: Kind<T>,
  index: string,
  range: Omit<PageOptions, 'limit'>,
  keyOf: (record: T) => Tuple,
  rowsAtFirst = rowsAtOnceMax,
): AsyncGenerator<T | null> {
  let limit = Math.min(rowsAtFirst, rowsAtOnceMax)
  let rest = range
  for (;;) {
    const page = await unlessTampered(reading().page(kind, index, { ...rest, limit }))
    if (page === null) {
      if (limit === 1) return yield null
      limit = 1
      continue
    }
    yield* page
    if (page.length < limit) return
    if (limit === rowsAtFirst) limit = rowsAtOnceMax
    const last = keyOf(page[page.length - 1] as T)
    rest = range.reverse ? { ...rest, to: last } : { ...rest, after: last }
    await nextTurn()
  }
}

export async function unlessTampered<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof TamperedRecord) return null
    throw error
  }
}
