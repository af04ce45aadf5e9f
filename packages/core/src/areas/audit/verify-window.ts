import { type AuditBlock, blockKind, eventHash, eventId, type LaneHead } from '../../records/index.ts'
import { blockProblem, laneStart, type Proof, placeAfter } from './chain.ts'
import { checkpointKind, checkpointsOf, isSigned } from './checkpoints.ts'
import { droppedPart, placeAt } from './dropped.ts'
import { listedLanes } from './lane-list.ts'
import { blocksByTime, headsOf, lanesIn, type TimeRange, type Trail } from './trail.ts'

/** A place where a trail was changed, and the problem. */
export interface Finding {
  readonly lane: string
  readonly eventId: string | null
  readonly problem: string
}

export interface Verdict {
  readonly checked: number
  readonly verified: number
  readonly finding: Finding | null
}

export interface Window extends Pick<TimeRange, 'from' | 'to'> {
  readonly limit: number
}

export type Checking = Proof & { readonly signingKeys: readonly Uint8Array[] }

/**
 * Checks a window of all lanes: from its beginning on when that is given, otherwise the newest events in it. What
 * stands before the window is loaded, not assumed. A window without an end also says whether the lanes end where they
 * should, and any window whether they still hold what was signed last.
 */
export async function verifyWindow(proof: Checking, trail: Trail, window: Window): Promise<Verdict> {
  const heads = await collect(headsOf(trail))
  const { blocks, problem } = await blocksIn(trail, window)
  const findings: (Finding | null)[] = []
  let verified = 0
  for (const [lane, own] of byLane(blocks)) {
    const followed = await follow(proof, trail, lane, own)
    verified += followed.verified
    findings.push(followed.finding)
  }
  if (problem) findings.push({ lane: '', eventId: null, problem })
  if (window.to === undefined) findings.push(...(await endProblems(proof, trail, heads)))
  const lanes = await allLanes(trail, heads)
  for (const lane of lanes) findings.push(await checkpointProblem(proof, trail, lane))
  findings.push(await listProblem(proof, trail, lanes))
  const finding = findings.find((found) => found !== null) ?? null
  return { checked: Math.min(countOf(blocks), window.limit), verified: Math.min(verified, window.limit), finding }
}

/** Whole blocks, until they hold as many events as are wanted. */
async function blocksIn(trail: Trail, { from, to, limit }: Window) {
  const newestFirst = from === undefined
  const blocks: AuditBlock[] = []
  let count = 0
  for await (const block of blocksByTime(trail, { from, to, newestFirst })) {
    if (block === null) return { blocks: inOrder(), problem: 'A block of the audit trail is not authentic.' }
    blocks.push(block)
    count += block.drafts.length
    if (count >= limit) break
  }
  return { blocks: inOrder(), problem: null }

  function inOrder() {
    return newestFirst ? blocks.toReversed() : blocks
  }
}

function byLane(blocks: readonly AuditBlock[]): Map<string, AuditBlock[]> {
  const lanes = new Map<string, AuditBlock[]>()
  for (const block of blocks) {
    const own = lanes.get(block.lane)
    if (own) own.push(block)
    else lanes.set(block.lane, [block])
  }
  return lanes
}

const countOf = (blocks: readonly AuditBlock[]) => blocks.reduce((sum, { drafts }) => sum + drafts.length, 0)

async function follow(proof: Checking, trail: Trail, lane: string, blocks: readonly AuditBlock[]) {
  const [start] = blocks as readonly [AuditBlock]
  let place = start.first === 0 ? laneStart : await placeBefore(proof, trail, lane, start)
  let verified = 0
  for (const block of blocks) {
    const problem = place ? blockProblem(proof, lane, place, block) : 'The previous event is missing.'
    if (problem) return { verified, finding: { lane, eventId: firstId(proof, block), problem } }
    place = placeAfter(block)
    verified += block.drafts.length
  }
  return { verified, finding: null }
}

/** Where a lane was before a block. A block that is about to be deleted, after it was dropped, has nothing before it. */
async function placeBefore(proof: Checking, trail: Trail, lane: string, { first, previous, at }: AuditBlock) {
  const place = await placeAt(proof, trail, lane, first)
  if (place) return place
  const { end } = await droppedPart(proof, trail, lane)
  return end && first < end.next ? { next: first, mac: previous, at } : null
}

const firstId = ({ crypto }: Proof, { mac, first }: AuditBlock) => eventId(eventHash(crypto, mac, first))

/** The verifier read the ends before the events, because engines still write. No engine can extend an end that was set back. */
async function endProblems(proof: Checking, trail: Trail, heads: readonly (LaneHead | null)[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const head of heads) {
    if (head === null) findings.push({ lane: '', eventId: null, problem: 'The end of a lane is not authentic.' })
    else if ((await placeAt(proof, trail, head.lane, head.next))?.mac !== head.mac) {
      const lastId = eventId(eventHash(proof.crypto, head.mac, head.next - 1))
      findings.push({ lane: head.lane, eventId: lastId, problem: 'The last event of the lane is missing.' })
    }
  }
  return findings
}

/** A checkpoint is signed only over a lane that holds the one before, so the latest speaks for all. */
async function checkpointProblem(proof: Checking, trail: Trail, lane: string): Promise<Finding | null> {
  const { crypto, signingKeys } = proof
  for await (const last of checkpointsOf(trail, lane, { newestFirst: true })) {
    if (last === null) return { lane, eventId: null, problem: 'A checkpoint is not authentic.' }
    const id = eventId(eventHash(crypto, last.mac, last.next - 1))
    if (!isSigned(crypto, signingKeys, trail.org, last)) {
      return { lane, eventId: id, problem: 'A checkpoint is not signed.' }
    }
    const place = await placeAt(proof, trail, lane, last.next)
    return place?.mac === last.mac ? null : { lane, eventId: id, problem: 'Signed events are missing.' }
  }
  return null
}

/** The finding of a lane that is in the signed list and not in the store, or of a list with a problem. Null: none. */
async function listProblem(
  { crypto, signingKeys }: Checking,
  trail: Trail,
  lanes: ReadonlySet<string>,
): Promise<Finding | null> {
  const listed = await listedLanes(crypto, signingKeys, trail.reading())
  if (listed.problem) return { lane: '', eventId: null, problem: listed.problem }
  const own = Object.keys(listed.lanes).filter((name) => name.startsWith(`${trail.org}.`))
  const missing = own.map((name) => name.slice(trail.org.length + 1)).find((lane) => !lanes.has(lane))
  return missing === undefined ? null : { lane: missing, eventId: null, problem: 'A lane is missing.' }
}

/** Also those of which only a part is left. */
async function allLanes(trail: Trail, heads: readonly (LaneHead | null)[]): Promise<Set<string>> {
  const withEnds = heads.flatMap((head) => (head ? [head.lane] : []))
  return new Set([...withEnds, ...(await lanesIn(trail, blockKind)), ...(await lanesIn(trail, checkpointKind))])
}

async function collect<T>(walked: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of walked) all.push(one)
  return all
}
