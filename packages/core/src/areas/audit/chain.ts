import type { Crypto } from '../../ports/crypto.ts'
import { type AuditBlock, isAuthentic } from '../../records/index.ts'

/** The keys and tools to recompute the chains of an organisation. */
export interface Proof {
  readonly crypto: Crypto
  readonly key: Uint8Array
}

/** How far a lane has been followed: the number of the next event, and the MAC and the time of the last block. */
export interface Place {
  readonly next: number
  readonly mac: string
  readonly at: number
}

export const laneStart: Place = { next: 0, mac: '', at: 0 }

export function placeAfter({ first, drafts, mac, at }: AuditBlock): Place {
  return { next: first + drafts.length, mac, at }
}

/** The problem of a block, given the place before it in its lane. Null: the block is unchanged. */
export function blockProblem({ crypto, key }: Proof, lane: string, before: Place, block: AuditBlock): string | null {
  if (block.lane !== lane || block.id !== `${lane}.${block.first}`) return 'The block belongs to another lane.'
  if (block.first !== before.next || block.drafts.length === 0) {
    return `Event ${before.next} is missing or out of place.`
  }
  if (block.previous !== before.mac) return 'The block does not follow the one before it.'
  if (block.at < before.at) return 'The block is older than the one before it.'
  return isAuthentic(crypto, key, block) ? null : 'The block was changed.'
}
