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

/** Checks all of a lane: every event, every checkpoint and its end. */
export async function verifyLane(checking: Checking, trail: Trail, lane: string): Promise<LaneReport> {
  const state: State = { place: laneStart, signedEvents: 0 }
  const problem =
    (await problemInBlocks(checking, trail, lane, state)) ?? endProblem(await headOf(trail, lane), state.place)
  const { next, mac } = state.place
  return { org: trail.org, lane, events: next, signedEvents: state.signedEvents, hash: mac, problem }
}

interface State {
  place: Place
  signedEvents: number
}

async function problemInBlocks(checking: Checking, trail: Trail, lane: string, state: State): Promise<string | null> {
  const checkpoints = checkpointsOf(trail, lane)
  let signed = await checkpoints.next()
  for await (const block of blocksOf(trail, lane)) {
    if (block === null) return `The block that begins with event ${state.place.next} is not authentic.`
    const problem = blockProblem(checking, lane, state.place, block)
    if (problem) return `Event ${state.place.next}: ${problem}`
    state.place = placeAfter(block)
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
