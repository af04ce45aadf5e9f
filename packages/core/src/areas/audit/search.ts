import { nextTurn } from '../../kernel/turn.ts'
import { type AuditBlock, blockKind, type LaneHead } from '../../records/index.ts'
import { type Candidate, candidatesIn, searchIndexKind } from './search-index.ts'
import { headsOf, rowsAtOnceMax, type TimeRange, type Trail, unlessTampered, walk } from './trail.ts'

// A search reads each lane backwards, segment by segment. The index of a segment says which blocks may hold what is wanted,
// and only those are read. What no index covers is read as a whole: the open end of a lane, and where an index is missing.

type Range = Pick<TimeRange, 'from' | 'to'>

/** One step back in a lane: a block, or null and the time after which the lane has nothing more to show. */
interface Step {
  readonly at: number
  readonly lane: string
  readonly first: number
  readonly block: AuditBlock | null
}

/** Sets of terms. A block is wanted that may hold an event with all terms of one set. */
type AnyOf = () => readonly (readonly number[])[]

/**
 * Blocks of all lanes, newest first, among them every block that holds an event with all terms of a set. The sets can become
 * fewer during the search.
 */
export async function* searchedBlocks(trail: Trail, anyOf: AnyOf, range: Range): AsyncGenerator<AuditBlock> {
  const lanes: { step: Step; readonly rest: AsyncGenerator<Step> }[] = []
  for await (const head of headsOf(trail)) {
    if (head === null) throw notAuthentic()
    lanes.push({ step: bound(head.lane, head.at), rest: backwards(trail, head, anyOf, range) })
  }
  for (let newest = lanes[0]; newest; newest = lanes[0]) {
    for (const one of lanes) if (isNewer(one.step, newest.step)) newest = one
    if (newest.step.block) yield newest.step.block
    const next = await newest.rest.next()
    if (next.done) lanes.splice(lanes.indexOf(newest), 1)
    else newest.step = next.value
  }
}

/** In the order of the time index, turned around. */
function isNewer(one: Step, other: Step): boolean {
  if (one.at !== other.at) return one.at > other.at
  return one.lane === other.lane ? one.first > other.first : one.lane > other.lane
}

function bound(lane: string, at: number): Step {
  return { at, lane, first: Number.MAX_SAFE_INTEGER, block: null }
}

/** What a lane holds of it, newest first, from the end that its head says. */
async function* backwards(
  trail: Trail,
  { lane, next }: LaneHead,
  anyOf: AnyOf,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: Range,
): AsyncGenerator<Step> {
  let end = next
  const indexes = { tuple: [lane], reverse: true }
  for await (const index of walk(trail.reading, searchIndexKind, 'lane', indexes, ({ number }) => [lane, number])) {
    if (index === null) throw notAuthentic()
    for await (const block of between(trail, lane, index.next, end)) {
      if (block.at < from) return
      if (block.at <= to) yield stepOf(block)
    }
    if (index.to < from) return
    end = index.first
    if (index.from > to) continue
    const candidates = candidatesIn(index, anyOf())
    if (candidates.length === 0) continue
    yield bound(lane, Math.min(index.to, to))
    for await (const block of blocksAt(trail, lane, candidates)) {
      if (block.at < from) return
      if (block.at <= to) yield stepOf(block)
    }
  }
  for await (const block of between(trail, lane, 0, end)) {
    if (block.at < from) return
    if (block.at <= to) yield stepOf(block)
  }
}

function stepOf(block: AuditBlock): Step {
  return { at: block.at, lane: block.lane, first: block.first, block }
}

/** Every block of a lane from one event up to another, newest first. */
async function* between(trail: Trail, lane: string, from: number, end: number): AsyncGenerator<AuditBlock> {
  if (from >= end) return
  const range = { tuple: [lane], from: [lane, from], to: [lane, end], reverse: true }
  for await (const block of walk(trail.reading, blockKind, 'lane', range, ({ first }) => [lane, first])) {
    if (block === null) throw notAuthentic()
    yield block
  }
}

/** These blocks, newest first. Neighbours are read together. */
async function* blocksAt(trail: Trail, lane: string, candidates: readonly Candidate[]): AsyncGenerator<AuditBlock> {
  for (let last = candidates.length - 1; last >= 0; ) {
    let start = last
    while (start > 0 && last - start + 1 < rowsAtOnceMax && candidates[start - 1]?.next === candidates[start]?.first) {
      start--
    }
    const [low, high] = [candidates[start] as Candidate, candidates[last] as Candidate]
    const range = { tuple: [lane], from: [lane, low.first], to: [lane, high.next], reverse: true }
    const page = await unlessTampered(trail.reading().page(blockKind, 'lane', { ...range, limit: last - start + 1 }))
    if (page === null) throw notAuthentic()
    yield* page
    last = start - 1
    await nextTurn()
  }
}

export function notAuthentic(): Error {
  return new Error('A record of the audit trail is not authentic. Run `pawl audit verify`.')
}
