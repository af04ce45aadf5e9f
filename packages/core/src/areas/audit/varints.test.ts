import fc from 'fast-check'
import { expect, it } from 'vitest'
import { VarintReader, VarintWriter } from './varints.ts'

it('a number is read as it was written, also up to the largest safe one, and between bytes', () => {
  const numbers = fc.array(fc.oneof(fc.nat(300), fc.maxSafeNat()))
  fc.assert(
    fc.property(numbers, fc.uint8Array({ maxLength: 200 }), (before, bytes) => {
      const writer = new VarintWriter()
      for (const number of before) writer.number(number)
      writer.bytes(bytes)
      writer.number(127)
      const written = writer.written()
      const reader = new VarintReader(written)
      expect(before.map(() => reader.number())).toEqual(before)
      const length = reader.number()
      expect(written.subarray(reader.at, reader.at + length)).toEqual(bytes)
      reader.skip(length)
      expect([reader.number(), reader.at]).toEqual([127, written.length])
    }),
  )
})

it('a number below 128 takes one byte, and each next one the next seven bits', () => {
  const bytesOf = (number: number) => {
    const writer = new VarintWriter()
    writer.number(number)
    return [...writer.written()]
  }
  expect([0, 127, 128, 16_383, 16_384].map(bytesOf)).toEqual([[0], [127], [128, 1], [255, 127], [128, 128, 1]])
})

it('a number without an end is refused', () => {
  expect(() => new VarintReader(Uint8Array.of(0x80, 0xff)).number()).toThrow(RangeError)
})
