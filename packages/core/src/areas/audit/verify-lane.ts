import type { AuditEvent, LaneHead } from '../../records/index.ts'
import { blockProblem, eventProblem, laneStart, type Place, placeAfter } from './chain.ts'
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
  /** The hash of the last of them. Kept elsewhere, it proves later that the lane still holds all of this. */
  readonly hash: string
  readonly problem: string | null
}

/** Checks all of a lane: every event, every checkpoint and its end. */
export async function verifyLane(checking: Checking, trail: Trail, lane: string): Promise<LaneReport> {
  const state: State = { place: laneStart, signedEvents: 0 }
  const problem =
    (await problemInBlocks(checking, trail, lane, state)) ?? endProblem(await headOf(trail, lane), state.place)
  const { next, hash } = state.place
  return { org: trail.org, lane, events: next, signedEvents: state.signedEvents, hash, problem }
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
    const wrong = blockProblem(lane, block)
    if (wrong) return wrong
    for (const event of block.events) {
      const problem = eventProblem(checking, lane, state.place, event)
      if (problem) return `Event ${state.place.next}: ${problem}`
      state.place = placeAfter(event)
      if (!signed.done && signed.value?.next === state.place.next) {
        const broken = checkpointProblem(checking, signed.value, event)
        if (broken) return broken
        state.signedEvents = state.place.next
        signed = await checkpoints.next()
      }
    }
  }
  if (signed.done) return null
  return signed.value
    ? `Events from number ${state.place.next} on are missing. ${signed.value.next} events were signed.`
    : tampered
}

const tampered = 'A checkpoint is not authentic.'

function checkpointProblem({ crypto, signingKeys, org }: Checking, checkpoint: Checkpoint, event: AuditEvent) {
  if (!isSigned(crypto, signingKeys, org, checkpoint))
    return `The checkpoint after event ${event.sequence} is not signed.`
  return checkpoint.hash === event.hash ? null : `Event ${event.sequence} differs from the event that was signed.`
}

function endProblem(head: LaneHead | null | undefined, { next, hash }: Place): string | null {
  if (head === null) return 'The end of the lane is not authentic.'
  if (head?.next === next && head.hash === hash) return null
  return `The lane holds ${next} events, but its end record counts ${head?.next ?? 0}.`
}
