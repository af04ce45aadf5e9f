import type { LaneHead } from '../../records/index.ts'
import { blockProblem, laneStart, type Place, placeAfter } from './chain.ts'
import { type Checkpoint, checkpointsOf, isSigned } from './checkpoints.ts'
import { type Dropped, droppedPart } from './dropped.ts'
import { closingMessage, type Segment, segmentsOf } from './segments.ts'
import { isSignedBy } from './signing-keys.ts'
import { blocksOf, headOf, type Trail } from './trail.ts'
import type { Checking } from './verify-window.ts'

/** The result of the verification of a lane, from its first event to its last. */
export interface LaneReport {
  readonly org: string
  readonly lane: string
  /** Events that are as they were written. */
  readonly events: number
  /** How many of them stand under a signature. */
  readonly signedEvents: number
  /** How many of them, the first ones, were dropped after they were exported. The key store has signed where they ended. */
  readonly droppedEvents: number
  /** The MAC of the last block. Kept elsewhere, it proves later that the lane still holds all of this. */
  readonly hash: string
  readonly problem: string | null
}

/** An earlier state of a lane: from an earlier report, or from the signed list, which has no hash. */
export interface LaneExpected {
  readonly events: number
  readonly hash?: string
}

/** Checks a whole lane: every event, every checkpoint, its end, and that it still has the events of every known earlier state. */
export async function verifyLane(
  checking: Checking,
  trail: Trail,
  lane: string,
  expected: readonly LaneExpected[] = [],
  tell: (events: number) => void = () => {},
): Promise<LaneReport> {
  const dropped = await droppedPart(checking, trail, lane)
  const start = dropped.end ?? laneStart
  const state: State = { place: start, signedEvents: start.next, expected: [...expected], tell }
  // What is known of the dropped part is in the exported files.
  state.expected = state.expected.filter(({ events }) => events >= start.next)
  meet(state)
  const problem =
    dropped.problem ??
    (await problemInBlocks(checking, trail, lane, state, dropped.end)) ??
    endProblem(await headOf(trail, lane), state.place) ??
    lossProblem(state)
  const { next, mac } = state.place
  const { signedEvents } = state
  return { org: trail.org, lane, events: next, signedEvents, droppedEvents: start.next, hash: mac, problem }
}

interface State {
  place: Place
  signedEvents: number
  /** What was not come by yet. */
  expected: LaneExpected[]
  readonly tell: (events: number) => void
}

/** Takes out what the lane holds up to here. What has another hash stays. */
function meet(state: State): void {
  const { next, mac } = state.place
  state.expected = state.expected.filter(({ events, hash }) =>
    hash === undefined ? events > next : events !== next || hash !== mac,
  )
}

function lossProblem({ place, expected: [lost] }: State): string | null {
  if (!lost) return null
  if (lost.events > place.next)
    return `Events from number ${place.next} on are missing. ${lost.events} events were known.`
  return `The first ${lost.events} events are not those that were known.`
}

async function problemInBlocks(
  checking: Checking,
  trail: Trail,
  lane: string,
  state: State,
  dropped: Dropped | null,
): Promise<string | null> {
  const signatures = signaturesOf(trail, lane, state.place.next)
  let signed = await signatures.next()
  const check = async () => {
    for (; !signed.done && signed.value?.next === state.place.next; signed = await signatures.next()) {
      const broken = signatureProblem(checking, trail.org, signed.value, state.place)
      if (broken) return broken
      state.signedEvents = state.place.next
    }
    return null
  }
  const brokenStart = await check()
  if (brokenStart) return brokenStart
  const leftOver = dropped && (await leftOverProblem(checking, trail, lane, dropped))
  if (leftOver) return leftOver
  for await (const block of blocksOf(trail, lane, state.place.next)) {
    if (block === null) return `The block that begins with event ${state.place.next} is not authentic.`
    const problem = blockProblem(checking, lane, state.place, block)
    if (problem) return `Event ${state.place.next}: ${problem}`
    state.place = placeAfter(block)
    state.tell(block.drafts.length)
    meet(state)
    const broken = await check()
    if (broken) return broken
  }
  if (signed.done) return null
  return signed.value
    ? `Events from number ${state.place.next} on are missing. ${signed.value.next} events were signed.`
    : tampered
}

/** What was dropped is deleted from its beginning on. What a crash has left of it still leads to where it ended. */
async function leftOverProblem(
  checking: Checking,
  trail: Trail,
  lane: string,
  dropped: Dropped,
): Promise<string | null> {
  let place: Place | null = null
  for await (const block of blocksOf(trail, lane, 0, dropped.next)) {
    if (block === null) return 'A block that was dropped is not authentic.'
    place ??= { next: block.first, mac: block.previous, at: block.at }
    const problem = blockProblem(checking, lane, place, block)
    if (problem) return `Event ${place.next}: ${problem}`
    place = placeAfter(block)
  }
  const isWhole = place === null || (place.next === dropped.next && place.mac === dropped.mac)
  return isWhole ? null : 'What is left of the dropped events does not end where the signature says.'
}

/** Everything that signs a place of the lane, from there on, in order; null when something does not open. */
async function* signaturesOf(trail: Trail, lane: string, from: number): AsyncGenerator<Checkpoint | Segment | null> {
  const [checkpoints, segments] = [checkpointsOf(trail, lane), segmentsOf(trail, lane)]
  let [checkpoint, segment] = [await checkpoints.next(), await segments.next()]
  while (!checkpoint.done || !segment.done) {
    if (checkpoint.value === null || segment.value === null) return yield null
    const isCheckpoint = !checkpoint.done && (segment.done || checkpoint.value.next <= segment.value.next)
    const earliest = isCheckpoint ? checkpoint.value : segment.value
    if (earliest && earliest.next >= from) yield earliest
    if (isCheckpoint) checkpoint = await checkpoints.next()
    else segment = await segments.next()
  }
}

const tampered = 'A checkpoint is not authentic.'

function signatureProblem(
  { crypto, signingKeys }: Checking,
  org: string,
  signed: Checkpoint | Segment,
  place: Place,
): string | null {
  const before = `before event ${place.next}`
  const isAuthentic =
    'digest' in signed
      ? isSignedBy(crypto, signingKeys, closingMessage(org, signed), signed.signature)
      : isSigned(crypto, signingKeys, org, signed)
  if (!isAuthentic) return `The checkpoint ${before} is not signed.`
  return signed.mac === place.mac ? null : `The block ${before} differs from the block that was signed.`
}

function endProblem(head: LaneHead | null | undefined, { next, mac }: Place): string | null {
  if (head === null) return 'The end of the lane is not authentic.'
  if (head?.next === next && head.mac === mac) return null
  return `The lane holds ${next} events, but its end record counts ${head?.next ?? 0}.`
}
