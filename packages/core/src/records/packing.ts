import { concat, fromUtf8, utf8 } from '../kernel/bytes.ts'
import type { Packing } from './kind.ts'

// Encodes a record with bytes, such as an encrypted value. In JSON, the bytes would take a third more space.
//
//   format (1 byte, 1)   length of the JSON (4 bytes)   JSON   bytes

const format = 1
const headBytes = 5

/**
 * Writes a record as JSON followed by its bytes.
 *
 * @example
 * const fileKind = kind<File>('file', {
 *   packing: withBytes({ split: ({ bytes, ...rest }) => [rest, bytes], join: (rest, bytes) => ({ ...rest, bytes }) }),
 * })
 */
export function withBytes<T, Rest>(parts: {
  split(record: T): readonly [rest: Rest, bytes: Uint8Array]
  join(rest: Rest, bytes: Uint8Array): T
}): Packing<T> {
  return {
    pack: (record) => {
      const [rest, bytes] = parts.split(record)
      const json = utf8(JSON.stringify(rest))
      const head = new Uint8Array(headBytes)
      head[0] = format
      new DataView(head.buffer).setUint32(1, json.length)
      return concat(head, json, bytes)
    },
    unpack: (body) => {
      if (body[0] !== format) throw new TypeError(`A record has the format ${body[0]}. Upgrade Pawl.`)
      const end = headBytes + new DataView(body.buffer, body.byteOffset).getUint32(1)
      return parts.join(JSON.parse(fromUtf8(body.subarray(headBytes, end))), body.subarray(end))
    },
  }
}
