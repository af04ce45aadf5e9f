import { concat, hex, utf8 } from '../../kernel/bytes.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { type AuditBlock, kind } from '../../records/index.ts'
import type { Place } from './chain.ts'
import { signedBytes } from './signing-keys.ts'
import { type Trail, walk } from './trail.ts'

// A lane is cut into segments. A key of the HSM signs each segment when it is closed, with a digest of its blocks. The MACs of
// blocks need the key of the organisation to verify. The digest proves the same with the public key alone. So an operator can
// export a segment, verify it anywhere, and then drop it from the vault.

/** A closed part of a lane. */
export interface Segment {
  /** `<lane>.<number>` */
  readonly id: string
  readonly lane: string
  /** From 0, without a gap. */
  readonly number: number
  /** The numbers of its first event, and of the first one after it. */
  readonly first: number
  readonly next: number
  /** The MACs of the block before it, and of its last block. */
  readonly previous: string
  readonly mac: string
  /** The times of its first and its last block. */
  readonly from: number
  readonly to: number
  readonly digest: string
  readonly signature: string
  /** A caller has verified a copy of it in another place. Absent until then. */
  readonly exported?: Exported
}

export interface Exported {
  readonly at: number
  readonly signature: string
}

export const segmentKind = kind<Segment>('auditSegment', {
  indexes: { lane: { unique: true, key: ({ lane, number }) => [lane, number] } },
  remembered: false,
})

export function segmentId(lane: string, number: number): string {
  return `${lane}.${number}`
}

/** Segments of a lane, oldest first; null, as the last, when there is one that does not open. */
export function segmentsOf(trail: Trail, lane: string, { newestFirst = false } = {}) {
  const range = { tuple: [lane], reverse: newestFirst }
  return walk(trail.reading, segmentKind, 'lane', range, ({ number }) => [lane, number], newestFirst ? 1 : undefined)
}

/** Follows blocks with SHA-256, one after the other. Begins with an empty digest. */
export function digestAfter(crypto: Crypto, digest: string, { mac, payload }: Pick<AuditBlock, 'mac' | 'payload'>) {
  return hex(crypto.sha256(concat(utf8(`${digest}${mac}`), payload)))
}

/**
 * Where a proof of possession begins. It follows the blocks as the digest does, but it is shown nowhere: who knows it had
 * every block.
 */
export function proofStart(crypto: Crypto, org: string, { lane, number, digest }: Segment): string {
  return hex(crypto.sha256(signedBytes('audit-copy', org, lane, number, digest)))
}

/** The message that the HSM key signs when a segment is closed. */
export function closingMessage(org: string, segment: Omit<Segment, 'id' | 'signature' | 'exported'>): Uint8Array {
  const { lane, number, first, next, previous, mac, from, to, digest } = segment
  return signedBytes('audit-segment', org, lane, number, first, next, previous, mac, from, to, digest)
}

/** The message that the HSM key signs when a copy of a segment was verified. */
export function exportedMessage(org: string, { lane, number, digest }: Segment, at: number): Uint8Array {
  return signedBytes('audit-exported', org, lane, number, digest, at)
}

export function placeAfterSegment({ next, mac, to }: Segment): Place {
  return { next, mac, at: to }
}
