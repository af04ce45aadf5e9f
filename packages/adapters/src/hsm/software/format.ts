import {
  type Argon2Cost,
  type Bytes,
  type Crypto,
  concat,
  equalBytes,
  frame,
  HsmError,
  type KeyType,
  type Random,
  utf8,
  wipe,
} from '@pawl/core/ports'
import type { Key } from './keys.ts'

// The key file, all numbers big-endian:
//
//   header   `PAWLKEYS`, version 1, kind of root (1), file id (16), salt (16), memory KiB (4), passes (4), lanes (4),
//            the first 8 bytes of the SHA-256 of all that
//   record   length (2), its complement (2), nonce (12), AES-256-GCM of: type (1), secret (32), URI
//
// Records are sealed under a key made of the root key and the file id. Their associated data is the header and their
// number, so none can be moved, repeated, or left out before another. Record 0 holds nothing: it opens under the right
// root and shows a wrong one. A whole tail that is missing cannot be told from one that was never written.

export interface Header {
  readonly root: RootKind
  readonly id: Uint8Array
  readonly salt: Uint8Array
  /** What it costs to try a passphrase; zeros for a root that is a key. */
  readonly cost: Argon2Cost
}

export type RootKind = 'key' | 'passphrase' | 'shares' | 'wrapped'

/** What records are sealed with. */
export interface Sealing {
  readonly header: Header
  readonly head: Uint8Array
  readonly key: Uint8Array
}

export interface Contents {
  readonly keys: Map<string, Key>
  /** How many records there are, the empty one included: the number of the next. */
  readonly records: number
  /** Where the last whole record ends. What follows was being written when the machine stopped. */
  readonly length: number
}

export const uriBytesMax = 1024

const magic = utf8('PAWLKEYS')
const version = 1
export const headBytes = 62
const frameBytes = 4
const nonceBytes = 12
const secretBytes = 32
const rootKinds: readonly RootKind[] = ['key', 'passphrase', 'shares', 'wrapped']
const keyTypes: readonly KeyType[] = ['aes-256', 'ed25519', 'p-256', 'secp256k1']
const costsMax: Argon2Cost = { memoryKib: 4 * 1024 * 1024, passes: 64, lanes: 64 }
const fileLabel = utf8('pawl/hsm/file')
const recordLabel = utf8('pawl/hsm/record')

export function sealingFor(header: Header, rootKey: Uint8Array, crypto: Crypto): Sealing {
  const key = crypto.hmacSha256(rootKey, frame(fileLabel, header.id, header.salt))
  return { header, head: encodeHeader(header, crypto), key }
}

/** A whole file that holds these keys. */
export function encodeFile(sealing: Sealing, keys: ReadonlyMap<string, Key>, crypto: Crypto, random: Random): Bytes {
  const first = sealRecord(sealing, 0, new Uint8Array(0), crypto, random)
  return concat(sealing.head, first, encodeRecords(sealing, 1, keys, crypto, random))
}

/** Records for these keys, to follow those that a file has. */
export function encodeRecords(
  sealing: Sealing,
  records: number,
  keys: ReadonlyMap<string, Key>,
  crypto: Crypto,
  random: Random,
): Bytes {
  const added: Uint8Array[] = []
  for (const [uri, key] of keys) {
    const plaintext = concat(Uint8Array.of(keyTypes.indexOf(key.type)), key.secret, utf8(uri))
    added.push(sealRecord(sealing, records + added.length, plaintext, crypto, random))
    wipe(plaintext)
  }
  return concat(...added)
}

function sealRecord(sealing: Sealing, number: number, plaintext: Uint8Array, crypto: Crypto, random: Random): Bytes {
  const nonce = random.bytes(nonceBytes)
  const body = concat(nonce, crypto.encrypt(sealing.key, nonce, plaintext, associatedWith(sealing, number)))
  const framing = new Uint8Array(frameBytes)
  new DataView(framing.buffer).setUint16(0, body.length)
  new DataView(framing.buffer).setUint16(2, ~body.length)
  return concat(framing, body)
}

/** Whether this is the root that the file was sealed under. */
export function isSealedUnder(image: Uint8Array, sealing: Sealing, path: string, crypto: Crypto): boolean {
  const body = bodyAt(image, headBytes, path)
  // The file is made whole with its first record, so no crash has cut that one.
  if (!body) throw damaged(path, headBytes)
  return openRecord(sealing, 0, body, crypto) !== null
}

/** The keys of a file. Throws `not_authentic` when it was damaged or tampered with. */
export function decodeRecords(image: Uint8Array, sealing: Sealing, path: string, crypto: Crypto): Contents {
  const keys = new Map<string, Key>()
  let records = 0
  let at = headBytes
  for (;;) {
    const body = bodyAt(image, at, path)
    if (!body) break
    const plaintext = openRecord(sealing, records, body, crypto)
    if (!plaintext) throw damaged(path, at)
    if (records > 0) {
      const [uri, key] = decodeKey(plaintext, path, at)
      if (keys.has(uri)) throw damaged(path, at)
      keys.set(uri, key)
    }
    records += 1
    at += frameBytes + body.length
  }
  return { keys, records, length: at }
}

/**
 * The body of the record at this place; null at the end, and for a record that was cut short by a crash. The complement
 * makes sure that a length which points behind the end is the length that was written, and no damage that would make us
 * throw away all the good records after it.
 */
function bodyAt(image: Uint8Array, at: number, path: string): Uint8Array | null {
  if (image.length - at < frameBytes) return null
  const view = new DataView(image.buffer, image.byteOffset + at)
  const length = view.getUint16(0)
  if ((length ^ view.getUint16(2)) !== 0xffff) throw damaged(path, at)
  const end = at + frameBytes + length
  return end > image.length ? null : image.subarray(at + frameBytes, end)
}

function openRecord(sealing: Sealing, number: number, body: Uint8Array, crypto: Crypto): Uint8Array | null {
  if (body.length < nonceBytes) return null
  const [nonce, sealed] = [body.subarray(0, nonceBytes), body.subarray(nonceBytes)]
  return crypto.decrypt(sealing.key, nonce, sealed, associatedWith(sealing, number))
}

function decodeKey(plaintext: Uint8Array, path: string, at: number): [uri: string, key: Key] {
  const type = keyTypes[plaintext[0] ?? keyTypes.length]
  if (type === undefined || plaintext.length <= secretBytes) throw damaged(path, at)
  const secret = plaintext.slice(1, 1 + secretBytes)
  const uri = Buffer.from(plaintext.subarray(1 + secretBytes)).toString('utf8')
  wipe(plaintext)
  return [uri, { type, secret, imported: null }]
}

function associatedWith(sealing: Sealing, number: number): Uint8Array {
  const counted = new Uint8Array(8)
  new DataView(counted.buffer).setBigUint64(0, BigInt(number))
  return frame(recordLabel, sealing.head, counted)
}

function encodeHeader({ root, id, salt, cost }: Header, crypto: Crypto): Uint8Array {
  const costs = new Uint8Array(12)
  const view = new DataView(costs.buffer)
  view.setUint32(0, cost.memoryKib)
  view.setUint32(4, cost.passes)
  view.setUint32(8, cost.lanes)
  const fields = concat(magic, Uint8Array.of(version, rootKinds.indexOf(root)), id, salt, costs)
  return concat(fields, crypto.sha256(fields).subarray(0, 8))
}

export function decodeHeader(image: Uint8Array, path: string, crypto: Crypto): Header {
  if (!equalBytes(image.subarray(0, magic.length), magic)) {
    throw new HsmError('not_authentic', `${path} is not a key file of Pawl.`)
  }
  if (image[8] !== version)
    throw new HsmError('not_authentic', `A newer version of Pawl wrote ${path}. Use that version.`)
  const fields = image.subarray(0, headBytes - 8)
  const sum = image.subarray(headBytes - 8, headBytes)
  const root = rootKinds[image[9] ?? rootKinds.length]
  if (root === undefined || !equalBytes(sum, crypto.sha256(fields).subarray(0, 8))) throw damaged(path, 0)
  const view = new DataView(image.buffer, image.byteOffset)
  const cost = { memoryKib: view.getUint32(42), passes: view.getUint32(46), lanes: view.getUint32(50) }
  // Nothing vouches for the cost before it was paid, so a file cannot ask for all memory there is.
  if (exceeds(cost, costsMax)) throw damaged(path, 42)
  return { root, id: image.slice(10, 26), salt: image.slice(26, 42), cost }
}

function exceeds(cost: Argon2Cost, max: Argon2Cost): boolean {
  return cost.memoryKib > max.memoryKib || cost.passes > max.passes || cost.lanes > max.lanes
}

function damaged(path: string, at: number): HsmError {
  const remedy = 'Restore it from a backup. Pawl did not change the file.'
  return new HsmError('not_authentic', `${path} is damaged at byte ${at}. ${remedy}`)
}
