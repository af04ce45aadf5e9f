import type { LaneHead } from '../../records/index.ts'
import { blockProblem, laneStart, type Place, placeAfter } from './chain.ts'
import { type Checkpoint, checkpointsOf, isSigned } from './checkpoints.ts'
import { blocksOf, headOf, type Trail } from './trail.ts'
import type { Checking } from './verify-window.ts'

/** What a lane turned out to be, from its first event to its last. */
export interface LaneReport {
  readonly org: string
  readonly lane: string
  /** Events that are as they were written. */
  readonly events: number
  /** How many of them stand under a signature. */
  readonly signedEvents: number
  /** The MAC of the last block. Kept elsewhere, it proves later that the lane still holds all of this. */
  readonly hash: string
  readonly problem: string | null
}

/** What a lane is known to have held: an earlier report, or the signed list, which knows no hash. */
export interface LaneExpected {
  readonly events: number
  readonly hash?: string
}

/** Checks all of a lane: every event, every checkpoint, its end, and that it holds what it is known to have held. */
export async function verifyLane(
  checking: Checking,
  trail: Trail,
  lane: string,
  expected: readonly LaneExpected[] = [],
): Promise<LaneReport> {
  const state: State = { place: laneStart, signedEvents: 0, expected: [...expected] }
  const problem =
    (await problemInBlocks(checking, trail, lane, state)) ??
    endProblem(await headOf(trail, lane), state.place) ??
    lossProblem(state)
  const { next, mac } = state.place
  return { org: trail.org, lane, events: next, signedEvents: state.signedEvents, hash: mac, problem }
}

interface State {
  place: Place
  signedEvents: number
  /** What was not come by yet. */
  expected: LaneExpected[]
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

async function problemInBlocks(checking: Checking, trail: Trail, lane: string, state: State): Promise<string | null> {
  const checkpoints = checkpointsOf(trail, lane)
  let signed = await checkpoints.next()
  for await (const block of blocksOf(trail, lane)) {
    if (block === null) return `The block that begins with event ${state.place.next} is not authentic.`
    const problem = blockProblem(checking, lane, state.place, block)
    if (problem) return `Event ${state.place.next}: ${problem}`
    state.place = placeAfter(block)
    meet(state)
    if (!signed.done && signed.value?.next === state.place.next) {
      const broken = checkpointProblem(checking, trail.org, signed.value, state.place)
      if (broken) return broken
      state.signedEvents = state.place.next
      signed = await checkpoints.next()
    }
  }
  if (signed.done) return null
  return signed.value
    ? `Events from number ${state.place.next} on are missing. ${signed.value.next} events were signed.`
    : tampered
}

const tampered = 'A checkpoint is not authentic.'

function checkpointProblem({ crypto, signingKeys }: Checking, org: string, checkpoint: Checkpoint, place: Place) {
  const before = `before event ${place.next}`
  if (!isSigned(crypto, signingKeys, org, checkpoint)) return `The checkpoint ${before} is not signed.`
  return checkpoint.mac === place.mac ? null : `The block ${before} differs from the block that was signed.`
}

function endProblem(head: LaneHead | null | undefined, { next, mac }: Place): string | null {
  if (head === null) return 'The end of the lane is not authentic.'
  if (head?.next === next && head.mac === mac) return null
  return `The lane holds ${next} events, but its end record counts ${head?.next ?? 0}.`
}
