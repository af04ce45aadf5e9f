import { concat } from '../../kernel/bytes.ts'

// Numbers of seven bits per byte, the lowest first; the highest bit says that more bytes follow.

export class VarintWriter {
  #bytes: number[] = []
  readonly #parts: Uint8Array[] = []

  number(value: number): void {
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#bytes.push((rest % 128) + 128)
    this.#bytes.push(rest)
  }

  uint32(value: number): void {
    this.#bytes.push(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
  }

  /** Their length, and then the bytes. */
  bytes(bytes: Uint8Array): void {
    this.number(bytes.length)
    this.raw(bytes)
  }

  raw(bytes: Uint8Array): void {
    this.#parts.push(Uint8Array.from(this.#bytes), bytes)
    this.#bytes = []
  }

  written(): Uint8Array {
    return concat(...this.#parts, Uint8Array.from(this.#bytes))
  }
}

export class VarintReader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  number(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('The number has no end.')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  skip(count: number): void {
    this.#at += count
  }
}
