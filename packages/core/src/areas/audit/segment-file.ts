import { fromBase64, utf8 } from '../../kernel/bytes.ts'
import { fromRfc3339 } from '../../kernel/time.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { nobleCrypto } from '../../ports/reference/index.ts'
import type { SegmentBody } from './schemas.ts'
import { closingMessage, digestAfter, proofStart, type Segment } from './segments.ts'
import { isSignedBy } from './signing-keys.ts'

// An exported segment is a file of JSON lines, which needs no vault: the first line is the head, each other line a block with
// its MAC and its payload as it was stored. `docs/formats.md` describes it.

/** The first line of an exported segment. */
export interface SegmentHead extends Omit<SegmentBody, 'exported_at'> {
  readonly format: 'pawl-audit-segment-1'
  readonly org_id: string
  /** In base64. It names the key that signed, and proves nothing. */
  readonly public_key: string
}

/** The result of the verification of an exported segment. */
export interface SegmentReport {
  readonly org: string
  readonly lane: string
  readonly number: number
  /** Events that are as they were signed. Zero when there is a problem. */
  readonly events: number
  readonly digest: string
  /** Proves to the vault that the whole copy is here. Empty when there is a problem. */
  readonly proof: string
  readonly problem: string | null
}

/** @example segmentHead(await client.audit.exportSegment({ lane: 'main', number: 3 })) */
export function segmentHead(answer: {
  readonly org_id: string
  readonly public_key: string
  readonly segment: SegmentBody
}): SegmentHead {
  const { exported_at: _, ...segment } = answer.segment
  return { format: 'pawl-audit-segment-1', org_id: answer.org_id, ...segment, public_key: answer.public_key }
}

/**
 * Verifies an exported segment against public keys that the caller trusts, in base64. It reads line by line, so the size of
 * the file does not matter.
 *
 * @example
 * const { problem } = await verifySegmentFile(readline.createInterface({ input }), [publicKey])
 */
export async function verifySegmentFile(
  lines: AsyncIterable<string>,
  publicKeys: readonly string[],
  crypto: Crypto = nobleCrypto,
): Promise<SegmentReport> {
  const keys = publicKeys.flatMap((key) => fromBase64(key) ?? []).filter(({ length }) => length === 32)
  const rest = lines[Symbol.asyncIterator]()
  const first = await rest.next()
  const head = first.done ? null : headIn(first.value)
  if (!head) return { ...nothing, problem: 'The first line is not the head of an audit segment of format 1.' }
  const { org, segment } = head
  const { lane, number, digest } = segment
  const found = { org, lane, number, events: 0, digest, proof: '' }
  if (!isSignedBy(crypto, keys, closingMessage(org, segment), segment.signature)) {
    return { ...found, problem: 'No given key has signed this segment.' }
  }
  const { problem, proof } = await checkBlocks(crypto, head, { [Symbol.asyncIterator]: () => rest })
  return problem ? { ...found, problem } : { ...found, events: segment.next - segment.first, proof, problem }
}

const nothing = { org: '-', lane: '-', number: 0, events: 0, digest: '', proof: '' }

/** The signature covers the digest, and the digest every byte of every block. */
async function checkBlocks(crypto: Crypto, { org, segment }: Head, lines: AsyncIterable<string>): Promise<Checked> {
  let [next, mac, digest, proof] = [segment.first, segment.previous, '', proofStart(crypto, org, segment)]
  const broken = (problem: string) => ({ problem, proof })
  for await (const line of lines) {
    if (line === '') continue
    const block = blockIn(line)
    if (!block) return broken(`The line after event ${next - 1} is not a block.`)
    if (block.lane !== segment.lane || block.first !== next || block.previous !== mac) {
      return broken(`Event ${next} is missing or out of place.`)
    }
    next += block.events
    mac = block.mac
    digest = digestAfter(crypto, digest, block)
    proof = digestAfter(crypto, proof, block)
  }
  if (next !== segment.next)
    return broken(`The file ends before event ${next}. The segment ends before event ${segment.next}.`)
  const isSigned = digest === segment.digest && mac === segment.mac
  return isSigned ? { problem: null, proof } : broken('A block differs from what was signed.')
}

interface Head {
  readonly org: string
  readonly segment: Segment
}

interface Checked {
  readonly problem: string | null
  readonly proof: string
}

function headIn(line: string): Head | null {
  const {
    format,
    org_id: org,
    lane,
    number,
    first,
    events,
    previous,
    mac,
    from,
    to,
    digest,
    signature,
  } = objectIn(line) as Partial<SegmentHead>
  const times = [fromRfc3339(String(from)), fromRfc3339(String(to))] as const
  const texts = [org, lane, previous, mac, digest, signature]
  const counts = [number, first, events]
  const isHead =
    format === 'pawl-audit-segment-1' &&
    texts.every((text) => typeof text === 'string') &&
    counts.every((count) => Number.isSafeInteger(count) && Number(count) >= 0)
  if (!isHead || times[0] === null || times[1] === null) return null
  const place = {
    lane,
    number,
    first,
    next: Number(first) + Number(events),
    previous,
    mac,
    from: times[0],
    to: times[1],
  }
  return { org: org as string, segment: { id: `${lane}.${number}`, ...place, digest, signature } as Segment }
}

function blockIn(line: string) {
  const { mac, payload } = objectIn(line)
  const parts = typeof payload === 'string' ? arrayIn(payload) : []
  const [lane, first, , previous, events] = parts
  if (typeof mac !== 'string' || typeof payload !== 'string' || !Array.isArray(events) || events.length === 0)
    return null
  return { lane, first, previous, events: events.length, mac, payload: utf8(payload) }
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  return (parsed(line) ?? {}) as Readonly<Record<string, unknown>>
}

function arrayIn(text: string): readonly unknown[] {
  const found = parsed(text)
  return Array.isArray(found) ? found : []
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
