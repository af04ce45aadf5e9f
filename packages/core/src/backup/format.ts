import { type Bytes, base64, concat, equalBytes, frame, fromBase64, fromUtf8, utf8 } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'
import { type ByteSource, byteSource } from './byte-source.ts'
import { BackupUnusable } from './errors.ts'

// The backup format. All numbers are big-endian:
//
// header   `PAWLBACK`, version 1, length (4) and JSON {createdAt, provider, key}, length (4) and the image of the keys
// chunks   AES-256-GCM of 64 KiB each, the last of 1 byte to 64 KiB
//
// `key` is the key of this backup, wrapped by the HSM. `image` is the encrypted image of a `Portable` key store. It is
// empty for a key store that does not export keys. The chunk key is derived from the backup key and the hash of the
// header. The nonce of a chunk contains its number and whether it is the last. So a chunk that is changed, moved,
// repeated or missing is detected. With a changed header, no chunk can be decrypted. `items.ts` defines the content of
// the chunks. No part of a record is in clear text.

export interface Header {
  readonly createdAt: number
  /** The provider of the HSM that wrapped the key. */
  readonly provider: string
  readonly wrappedKey: Uint8Array
  readonly image: Uint8Array | null
}

const magic = utf8('PAWLBACK')
const version = 1
const chunkBytes = 64 * 1024
const tagBytes = 16

// Lengths are not authenticated before the chunks are decrypted, so they are limited.
const jsonBytesMax = 64 * 1024
const imageBytesMax = 64 * 1024 * 1024

export function encodeHeader({ createdAt, provider, wrappedKey, image }: Header): Bytes {
  const json = utf8(JSON.stringify({ createdAt, provider, key: base64(wrappedKey) }))
  const keys = image ?? new Uint8Array(0)
  if (keys.length > imageBytesMax) throw new BackupUnusable('The vault has too many keys for one backup.')
  return concat(magic, Uint8Array.of(version), frame(json, keys))
}

/** Reads a header. The chunks stay in the source. */
export async function decodeHeader(take: ByteSource): Promise<{ header: Header; bytes: Uint8Array }> {
  const start = await take(magic.length + 1)
  if (!equalBytes(start.subarray(0, magic.length), magic)) throw new BackupUnusable('This file is not a Pawl backup.')
  if (start[magic.length] !== version) {
    throw new BackupUnusable('A newer version of Pawl made this backup. Restore it with that version.')
  }
  const json = await takePart(take, jsonBytesMax)
  const image = await takePart(take, imageBytesMax)
  const bytes = concat(start, frame(json, image))
  return { header: { ...parseJson(json), image: image.length > 0 ? image : null }, bytes }
}

async function takePart(take: ByteSource, bytesMax: number): Promise<Uint8Array> {
  const length = await take(4)
  if (length.length < 4) throw cutOff()
  const bytes = new DataView(length.buffer).getUint32(0)
  if (bytes > bytesMax) throw new BackupUnusable('The header of the backup is damaged.')
  const part = await take(bytes)
  if (part.length < bytes) throw cutOff()
  return part
}

function parseJson(json: Uint8Array): Omit<Header, 'image'> {
  try {
    const { createdAt, provider, key } = JSON.parse(fromUtf8(json)) as Record<string, unknown>
    const wrappedKey = typeof key === 'string' ? fromBase64(key) : null
    if (Number.isSafeInteger(createdAt) && typeof provider === 'string' && wrappedKey) {
      return { createdAt: createdAt as number, provider, wrappedKey }
    }
  } catch {
    // The error is thrown below.
  }
  throw new BackupUnusable('The header of the backup is damaged.')
}

/** The key of the chunks. It depends on the header. */
export function streamKey(crypto: Crypto, key: Uint8Array, header: Uint8Array): Uint8Array {
  return crypto.hmacSha256(key, frame(utf8('pawl/1/backup/stream'), crypto.sha256(header)))
}

export async function* sealChunks(crypto: Crypto, key: Uint8Array, plain: AsyncIterable<Uint8Array>) {
  for await (const { chunk, number, isLast } of chunksOf(byteSource(plain), chunkBytes)) {
    yield crypto.encrypt(key, nonceOf(number, isLast), chunk, noData)
  }
}

export async function* openChunks(crypto: Crypto, key: Uint8Array, take: ByteSource): AsyncGenerator<Uint8Array> {
  for await (const { chunk, number, isLast } of chunksOf(take, chunkBytes + tagBytes)) {
    const plain = crypto.decrypt(key, nonceOf(number, isLast), chunk, noData)
    if (plain) yield plain
    else if (isLast && (chunk.length === 0 || crypto.decrypt(key, nonceOf(number, false), chunk, noData)))
      throw cutOff()
    else throw new BackupUnusable(`The backup is damaged or truncated in chunk ${number}.`)
  }
}

/** Yields pieces of one size. The last one can be smaller. It reads ahead to know which piece is the last. */
async function* chunksOf(take: ByteSource, size: number) {
  let chunk = await take(size)
  for (let number = 0; ; number++) {
    const next = await take(size)
    const isLast = next.length === 0
    yield { chunk, number, isLast }
    if (isLast) return
    chunk = next
  }
}

function nonceOf(number: number, isLast: boolean): Bytes {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setBigUint64(3, BigInt(number))
  view.setUint8(11, isLast ? 1 : 0)
  return nonce
}

const noData = new Uint8Array(0)

function cutOff(): BackupUnusable {
  return new BackupUnusable('The backup is truncated: its end is missing.')
}
