import * as z from 'zod'
import { base64 } from '../../../kernel/bytes.ts'
import { type Context, operation, signedIn } from '../../../operations/index.ts'
import { copyNotProven, segmentDiffers, segmentNotFound } from '../errors.ts'
import { digestText, laneName, SegmentBody, segmentBody, segmentNumber } from '../schemas.ts'
import { notAuthentic } from '../search.ts'
import { digestAfter, exportedMessage, proofStart, type Segment, segmentId, segmentKind } from '../segments.ts'
import { auditKeysKind } from '../signing-keys.ts'
import { blocksOf, trailOf } from '../trail.ts'

export const confirmSegment = operation({
  name: 'audit.confirmSegment',
  summary:
    'Confirm that a copy of a segment was stored and verified. From then on, PAWL_AUDIT_KEEP may drop the segment.',
  http: {
    method: 'POST',
    path: '/v1/audit/segments/{lane}/{number}/exported',
    status: 200,
    id: 'confirmAuditSegment',
    tag: 'Audit',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'audit.exported',
    resource: 'audit',
    about: ({ lane, number, digest }) => ({ id: segmentId(lane, number), digest }),
  },
  input: z.object({
    lane: laneName(),
    number: segmentNumber(),
    digest: digestText().describe('The digest of the verified copy.'),
    proof: digestText().describe('The proof that all blocks of the copy are there. docs/formats.md describes it.'),
  }),
  output: SegmentBody,
  errors: [segmentNotFound, segmentDiffers, copyNotProven],
  run: (context, { lane, number, digest, proof }) => {
    const { unit, now, hsm } = context
    const { org } = signedIn(context)
    const segment = unit.require(segmentKind, segmentId(lane, number), segmentNotFound)
    if (segment.digest !== digest) throw segmentDiffers()
    if (segment.exported) return segmentBody(segment)
    if (unit.waitFor(() => proofOf(context, org, segment)) !== proof) throw copyNotProven()
    const keys = unit.reading().get(auditKeysKind, 'main')
    if (!keys) throw notAuthentic()
    const exported = unit.waitFor(async () => {
      const signature = base64(await hsm.sign(keys.current, exportedMessage(org, segment, now)))
      return { at: now, signature }
    })
    unit.put(segmentKind, { ...segment, exported })
    return segmentBody({ ...segment, exported })
  },
})

/** Lists show the digest, so it proves nothing. */
async function proofOf(context: Context, org: string, segment: Segment): Promise<string> {
  const { crypto } = context
  let proof = proofStart(crypto, org, segment)
  for await (const block of blocksOf(trailOf(context, org), segment.lane, segment.first, segment.next)) {
    if (!block) throw notAuthentic()
    proof = digestAfter(crypto, proof, block)
  }
  return proof
}
