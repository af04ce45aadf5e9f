import { segmentHead, verifySegmentFile } from '@pawl/core/maintenance'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const asOwner = async ({ ownerId }: World) => ({ who: { user: ownerId }, input: {} })

const dayMs = 86_400_000

/** A segment is closed a day after its first event. */
async function ofClosedSegment({ owner, ownerId, clock, pawl }: World) {
  await owner.vaults.list()
  clock.advance(dayMs)
  await pawl.runJobs()
  const [segment] = (await owner.audit.segments({})).segments
  if (!segment) throw new Error('no segment was closed')
  const { lane, number, digest } = segment
  return { who: { user: ownerId }, input: { lane, number }, digest }
}

export const auditExamples: ExamplesOf<'audit'> = {
  events: asOwner,
  verify: asOwner,
  follow: asOwner,
  segments: asOwner,
  exportSegment: async (world) => {
    const { who, input } = await ofClosedSegment(world)
    return { who, input }
  },
  confirmSegment: async (world) => {
    const { who, input, digest } = await ofClosedSegment(world)
    const part = await world.owner.audit.exportSegment(input)
    const { proof } = await verifySegmentFile(linesOf([segmentHead(part), ...part.blocks]), [part.public_key])
    return { who, input: { ...input, digest, proof } }
  },
}

async function* linesOf(values: readonly unknown[]) {
  for (const value of values) yield JSON.stringify(value)
}
