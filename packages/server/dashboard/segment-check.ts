// Checks closed segments of the audit trail in the browser, with WebCrypto alone. docs/formats.md describes the bytes. The
// server gives the data and nothing of the judgement.

export interface Segment {
  readonly lane: string
  readonly number: number
  readonly first: number
  readonly events: number
  readonly previous: string
  readonly mac: string
  readonly from: string
  readonly to: string
  readonly digest: string
  readonly signature: string
}

/** One part of the copy of a segment, as `audit.exportSegment` answers it. */
export interface SegmentPart {
  readonly org_id: string
  readonly public_key: string
  readonly blocks: readonly { readonly mac: string; readonly payload: string }[]
  readonly next: number | null
}

const text = new TextEncoder()

/** What is wrong with a segment. Null: its blocks follow each other, and its key has signed them. */
export async function segmentProblem(segment: Segment, parts: AsyncIterable<SegmentPart>): Promise<string | null> {
  let [next, mac, digest] = [segment.first, segment.previous, '']
  let last: SegmentPart | null = null
  for await (const part of parts) {
    last = part
    for (const block of part.blocks) {
      const place = placeOf(block.payload)
      if (!place || place.lane !== segment.lane || place.first !== next || place.previous !== mac) {
        return `Event ${next} is missing or out of place.`
      }
      next += place.events
      mac = block.mac
      digest = hex(await crypto.subtle.digest('SHA-256', text.encode(`${digest}${mac}${block.payload}`)))
    }
  }
  if (!last || next !== segment.first + segment.events) return `The segment ends before event ${next}.`
  if (digest !== segment.digest || mac !== segment.mac) return 'A block differs from what was signed.'
  const isSigned = await verified(last.public_key, segment.signature, messageOf(last.org_id, segment, next))
  return isSigned ? null : 'The signature does not fit.'
}

/** What is wrong between a segment and the one before it in its lane. */
export function gapBetween(before: Segment, after: Segment): string | null {
  const follows = after.first === before.first + before.events && after.previous === before.mac
  return follows ? null : `Segment ${after.number} does not follow segment ${before.number}.`
}

function placeOf(payload: string) {
  try {
    const [lane, first, , previous, events] = JSON.parse(payload) as [string, number, number, string, unknown[]]
    return { lane, first, previous, events: events.length }
  } catch {
    return null
  }
}

function messageOf(org: string, segment: Segment, next: number): Uint8Array<ArrayBuffer> {
  const { lane, number, first, previous, mac, from, to, digest } = segment
  const times = [Date.parse(from), Date.parse(to)]
  return frame(['pawl/1/audit-segment', org, lane, number, first, next, previous, mac, ...times, digest].map(String))
}

/** Each part with its length in front, in four bytes. */
function frame(parts: readonly string[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.map((part) => text.encode(part))
  const joined = new Uint8Array(bytes.reduce((sum, { length }) => sum + 4 + length, 0))
  const view = new DataView(joined.buffer)
  let at = 0
  for (const part of bytes) {
    view.setUint32(at, part.length)
    joined.set(part, at + 4)
    at += 4 + part.length
  }
  return joined
}

async function verified(key: string, signature: string, message: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', fromBase64(key), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', imported, fromBase64(signature), message)
}

function fromBase64(given: string): Uint8Array<ArrayBuffer> {
  const binary = atob(given.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
