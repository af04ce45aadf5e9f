import { frame, utf8 } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Kept } from '../ports/storage.ts'

/**
 * A checksum of many records that does not depend on their order. Two storages with the same sum have the same records
 * with the same keys. It is not a proof against an attacker who chooses the records. Encryption protects them.
 */
export class RecordSum {
  count = 0
  bytes = 0
  readonly #crypto: Crypto
  readonly #sum = new Uint32Array(8)

  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  add({ kind, id, version, keys, body }: Kept): void {
    const names = [...new Set(keys.map(({ index, key }) => `${index} ${key}`))].sort().join('\n')
    const hash = this.#crypto.sha256(frame(utf8(kind), utf8(id), utf8(version), utf8(names), body))
    const words = new DataView(hash.buffer, hash.byteOffset)
    for (let at = 0; at < this.#sum.length; at++) this.#sum[at] = (this.#sum[at] ?? 0) + words.getUint32(at * 4)
    this.count++
    this.bytes += body.length
  }

  equals(other: RecordSum): boolean {
    return this.count === other.count && this.#sum.every((word, at) => word === other.#sum[at])
  }
}
