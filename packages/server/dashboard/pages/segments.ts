import { api } from '../api.ts'
import type { Segment, SegmentPart } from '../segment-check.ts'

const pageSegments = 1_000

/** All closed segments of the trail, lane by lane. */
export async function allSegments(): Promise<Segment[]> {
  const all: Segment[] = []
  for (;;) {
    const last = all.at(-1)
    const after = last ? { after_lane: last.lane, after_number: last.number } : {}
    const { segments } = await api.audit.segments({ ...after, limit: pageSegments })
    all.push(...segments)
    if (segments.length < pageSegments) return all
  }
}

/** The parts of a segment, as the server stored and signed them. */
export async function* partsOf(
  { lane, number }: Segment,
  see: (part: SegmentPart) => void,
): AsyncGenerator<SegmentPart> {
  let after: number | null = null
  do {
    const part: SegmentPart = await api.audit.exportSegment({ lane, number, ...(after !== null && { after }) })
    see(part)
    yield part
    after = part.next
  } while (after !== null)
}
