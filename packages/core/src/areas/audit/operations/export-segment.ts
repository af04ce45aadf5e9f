import * as z from 'zod'
import { base64, fromUtf8 } from '../../../kernel/bytes.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { segmentNotFound } from '../errors.ts'
import { laneName, SegmentBody, segmentBody, segmentNumber } from '../schemas.ts'
import { notAuthentic } from '../search.ts'
import { closingMessage, segmentId, segmentKind } from '../segments.ts'
import { isSignedBy, trustedKeys } from '../signing-keys.ts'
import { blocksOf, trailOf } from '../trail.ts'

const eventsAtOnceMax = 1_000

export const exportSegment = operation({
  name: 'audit.exportSegment',
  summary: 'Read a part of a closed segment, as it is stored, with the signature of the whole segment.',
  http: {
    method: 'GET',
    path: '/v1/audit/segments/{lane}/{number}',
    status: 200,
    id: 'exportAuditSegment',
    tag: 'Audit',
  },
  command: null,
  effect: 'read',
  takesData: true,
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'audit.export',
    resource: 'audit',
    about: ({ lane, number, after }) => ({ id: segmentId(lane, number), after }),
  },
  input: z.object({
    lane: laneName(),
    number: segmentNumber(),
    after: fields.optional(fields.count()).describe('The number `next` of the part before. Default: the first event.'),
  }),
  output: z.object({
    org_id: fields.id(),
    segment: SegmentBody,
    public_key: z.string(),
    blocks: z.array(z.object({ mac: z.string(), payload: z.string() })),
    next: fields.count().nullable(),
  }),
  errors: [segmentNotFound],
  run: (context, { lane, number, after = 0 }) => {
    const { unit, crypto, hsm, reading } = context
    const { org } = signedIn(context)
    const segment = unit.require(segmentKind, segmentId(lane, number), segmentNotFound)
    const start = Math.max(segment.first, after)
    const { keys, blocks, next } = unit.waitFor(async () => ({
      keys: await trustedKeys(crypto, hsm, reading()),
      ...(await someBlocks()),
    }))
    const signed = closingMessage(org, segment)
    const key = keys.find((one) => isSignedBy(crypto, [one], signed, segment.signature))
    if (!key) throw notAuthentic()
    const end = next < segment.next ? next : null
    return { org_id: org, segment: segmentBody(segment), public_key: base64(key), blocks, next: end }

    async function someBlocks() {
      const blocks: { mac: string; payload: string }[] = []
      let next = start
      for await (const block of blocksOf(trailOf(context, org), lane, start, segment.next)) {
        if (block?.first !== next) throw notAuthentic()
        blocks.push({ mac: block.mac, payload: fromUtf8(block.payload) })
        next = block.first + block.drafts.length
        if (next - start >= eventsAtOnceMax) break
      }
      return { blocks, next }
    }
  },
})
