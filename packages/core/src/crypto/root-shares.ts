import { hex as hexCodec } from '@scure/base'
import { type Bytes, base32, concat, equalBytes, fromBase32, hex, wipe } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import { combine, type Point, split } from './shamir.ts'

// A root key in shares, one per custodian. As bytes, a share is
//
//   version 1 | set (6) | threshold | index | data (32) | the first 4 bytes of the SHA-256 of all that
//
// and as text these 45 bytes are 72 letters and digits in groups of four, behind a name for people:
//
//   pawl-share-2-04hd-8qz0-…

/** One custodian's part of a root key. */
export interface RootShare {
  /** The same for all shares that were made together, as hexadecimal digits. */
  readonly set: string
  /** How many of the set give the root key. */
  readonly threshold: number
  /** From 1 on. */
  readonly index: number
  readonly data: Uint8Array
}

/** Why a text is no share: not one at all, mistyped, or of a version that is not known here. */
export type ShareProblem = 'not_a_share' | 'mistyped' | 'newer'

const version = 1
const setBytes = 6
const rootBytes = 32
const sumBytes = 4
const bodyBytes = 1 + setBytes + 2 + rootBytes
const letters = ((bodyBytes + sumBytes) * 8) / 5

export const sharesMax = 32

/** Makes shares of a root key, of which any `threshold` give it back. */
export function splitRoot(root: Uint8Array, shares: number, threshold: number, random: Random): RootShare[] {
  if (root.length !== rootBytes) throw new RangeError(`a root key must be ${rootBytes} bytes`)
  if (shares > sharesMax) throw new RangeError(`there can be at most ${sharesMax} shares`)
  const set = hex(random.bytes(setBytes))
  return split(root, shares, threshold, random).map(({ x, y }) => ({ set, threshold, index: x, data: y }))
}

/** The root key of as many shares of one set as its threshold says. The caller wipes it. */
export function joinRootShares(shares: readonly RootShare[]): Uint8Array {
  const [first] = shares
  const indexes = new Set(shares.map(({ index }) => index))
  const belong = shares.every(({ set, threshold }) => set === first?.set && threshold === first.threshold)
  if (!first || !belong || indexes.size !== shares.length || shares.length < first.threshold) {
    throw new RangeError('joining requires different shares of one set, as many as its threshold')
  }
  return combine(shares.map(({ index, data }): Point => ({ x: index, y: data })))
}

/** A share as a person keeps it, types it, or reads it to another. */
export function shareText(share: RootShare, crypto: Crypto): string {
  const groups = base32(encode(share, crypto)).match(/.{4}/g) ?? []
  return ['pawl', 'share', share.index, ...groups].join('-')
}

/**
 * Reads what a person typed: capitals, spaces and dashes do not matter, and letters that look like digits are taken for
 * them. What it says first is for people and may be left out.
 */
export function parseRootShare(text: string, crypto: Crypto): RootShare | ShareProblem {
  const plain = text.toLowerCase().replace(/[\s-]+/g, '')
  const name = /^pawlshare\d{1,3}$/.exec(plain.slice(0, -letters))?.[0] ?? ''
  const bytes = plain.length === name.length + letters ? fromBase32(plain.slice(-letters)) : null
  if (!bytes) return plain.startsWith('pawlshare') ? 'mistyped' : 'not_a_share'
  const body = bytes.subarray(0, bodyBytes)
  if (!equalBytes(bytes.subarray(bodyBytes), sumOf(body, crypto))) return 'mistyped'
  if (body[0] !== version) return 'newer'
  const share = decode(body)
  wipe(bytes)
  return name === '' || name === `pawlshare${share.index}` ? share : 'mistyped'
}

/** What shows that a share is one of a set, without giving anything of it away. */
export function fingerprint(share: RootShare, crypto: Crypto): string {
  const bytes = encode(share, crypto)
  const print = hex(crypto.sha256(bytes))
  wipe(bytes)
  return print
}

/** Leaves nothing of a share in memory but its number. */
export function wipeShare({ data }: RootShare): void {
  wipe(data)
}

function encode({ set, threshold, index, data }: RootShare, crypto: Crypto): Bytes {
  const body = concat(Uint8Array.of(version), hexCodec.decode(set), Uint8Array.of(threshold, index), data)
  return concat(body, sumOf(body, crypto))
}

function decode(body: Uint8Array): RootShare {
  const set = hex(body.subarray(1, 1 + setBytes))
  const [threshold = 0, index = 0] = body.subarray(1 + setBytes)
  return { set, threshold, index, data: body.slice(3 + setBytes) }
}

function sumOf(body: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.sha256(body).subarray(0, sumBytes)
}
