import { concat, frame, fromUtf8, utf8 } from '../kernel/bytes.ts'
import type { IndexKey, Kept } from '../ports/storage.ts'
import { byteSource } from './byte-source.ts'
import { BackupUnusable } from './errors.ts'

// The items in the chunks of a backup, one after another, each with its length (4) in front:
//
//   record   1, then kind, id, version, keys as JSON [[index, key], …] and body, each with its length (4) in front
//   end      0, the number of records (8)

/** More than the largest possible body. */
const itemBytesMax = 32 * 1024 * 1024
const [endTag, recordTag] = [0, 1]

export function encodeRecord({ kind, id, version, keys, body }: Kept): Uint8Array {
  const pairs = utf8(JSON.stringify(keys.map(({ index, key }) => [index, key])))
  return frame(concat(Uint8Array.of(recordTag), frame(utf8(kind), utf8(id), utf8(version), pairs, body)))
}

export function encodeEnd(records: number): Uint8Array {
  const count = new Uint8Array(8)
  new DataView(count.buffer).setBigUint64(0, BigInt(records))
  return frame(concat(Uint8Array.of(endTag), count))
}

/** Yields the records in order. Throws at the end if the number of records is wrong. */
export async function* decodeRecords(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Kept> {
  const take = byteSource(plain)
  for (let records = 0; ; records++) {
    const item = await takeItem(take)
    if (item[0] === recordTag) yield decodeRecord(item.subarray(1))
    else if (item[0] === endTag) return checkEnd(item, records, (await take(1)).length > 0)
    else throw malformed()
  }
}

async function takeItem(take: (count: number) => Promise<Uint8Array>): Promise<Uint8Array> {
  const length = await take(4)
  const bytes = length.length === 4 ? new DataView(length.buffer).getUint32(0) : 0
  if (bytes === 0 || bytes > itemBytesMax) throw malformed()
  const item = await take(bytes)
  if (item.length < bytes) throw malformed()
  return item
}

function checkEnd(item: Uint8Array, records: number, isMore: boolean): void {
  const view = new DataView(item.buffer, item.byteOffset)
  if (isMore || item.length !== 9 || view.getBigUint64(1) !== BigInt(records)) throw malformed()
}

function decodeRecord(item: Uint8Array): Kept {
  const [kind, id, version, keys, body, ...more] = unframed(item)
  if (!kind || !id || !version || !keys || !body || more.length > 0) throw malformed()
  const pairs = JSON.parse(fromUtf8(keys)) as [string, string][]
  const named = pairs.map(([index, key]): IndexKey => ({ index, key }))
  return { kind: fromUtf8(kind), id: fromUtf8(id), version: fromUtf8(version), keys: named, body: body.slice() }
}

function unframed(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + (at + 4 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY)
    if (end > bytes.length) throw malformed()
    parts.push(bytes.subarray(at + 4, end))
    at = end
  }
  return parts
}

/** The chunks were authentic, so the program that wrote the backup has a bug. */
function malformed(): BackupUnusable {
  return new BackupUnusable(
    'The backup holds data that this version of Pawl does not know. Restore it with the version that made it.',
  )
}
