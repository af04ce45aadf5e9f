import { hex as hexCodec } from '@scure/base'
import { type Bytes, base32, concat, equalBytes, fromBase32, hex, wipe } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'
import { combine, type Point, split } from './shamir.ts'

// A root key split into root shares, one per custodian. A share has these bytes:
//
//   version 1 | set (6) | threshold | index | data (32) | the first 4 bytes of the SHA-256 of the other bytes
//
// As text, these 45 bytes are 72 letters and digits in groups of four, after a readable name:
//
//   pawl-share-2-04hd-8qz0-…

/** The part of a root key that one custodian holds. */
export interface RootShare {
  /** The id of the set, as hexadecimal digits. All shares of one split have the same set. */
  readonly set: string
  /** How many shares of the set give the root key. */
  readonly threshold: number
  /** Number of the share, from 1. */
  readonly index: number
  readonly data: Uint8Array
}

/** Why a text is not a share: it is no share, it has a typing error, or its version is unknown. */
export type ShareProblem = 'not_a_share' | 'mistyped' | 'newer'

const version = 1
const setBytes = 6
const rootBytes = 32
const sumBytes = 4
const bodyBytes = 1 + setBytes + 2 + rootBytes
const letters = ((bodyBytes + sumBytes) * 8) / 5

export const sharesMax = 32

/** Splits a root key into shares. Any `threshold` of them give the root key. */
export function splitRoot(root: Uint8Array, shares: number, threshold: number, random: Random): RootShare[] {
  if (root.length !== rootBytes) throw new RangeError(`a root key must be ${rootBytes} bytes`)
  if (shares > sharesMax) throw new RangeError(`there can be at most ${sharesMax} shares`)
  const set = hex(random.bytes(setBytes))
  return split(root, shares, threshold, random).map(({ x, y }) => ({ set, threshold, index: x, data: y }))
}

/** Joins `threshold` shares of one set to the root key. The caller must wipe it. */
export function joinRootShares(shares: readonly RootShare[]): Uint8Array {
  const [first] = shares
  const indexes = new Set(shares.map(({ index }) => index))
  const belong = shares.every(({ set, threshold }) => set === first?.set && threshold === first.threshold)
  if (!first || !belong || indexes.size !== shares.length || shares.length < first.threshold) {
    throw new RangeError('joining requires different shares of one set, as many as its threshold')
  }
  return combine(shares.map(({ index, data }): Point => ({ x: index, y: data })))
}

/** The text of a share, for humans to write down and type. */
export function shareText(share: RootShare, crypto: Crypto): string {
  const groups = base32(encode(share, crypto)).match(/.{4}/g) ?? []
  return ['pawl', 'share', share.index, ...groups].join('-')
}

/**
 * Parses a typed share. Capitals, spaces and dashes do not matter. Letters that look like digits are read as digits.
 * The name at the beginning is optional.
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

/** A fingerprint that shows whether a share belongs to a set. It reveals nothing about the share. */
export function fingerprint(share: RootShare, crypto: Crypto): string {
  const bytes = encode(share, crypto)
  const print = hex(crypto.sha256(bytes))
  wipe(bytes)
  return print
}

/** Wipes the secret data of a share from memory. */
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
