/** Returns `count` bytes of a stream, or fewer at its end. */
export type ByteSource = (count: number) => Promise<Uint8Array>

export function byteSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const pieces = stream[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let heldBytes = 0
  return async (count) => {
    while (heldBytes < count) {
      const { done, value } = await pieces.next()
      if (done) break
      if (value.length > 0) held.push(value)
      heldBytes += value.length
    }
    const taken = takeFrom(held, Math.min(count, heldBytes))
    heldBytes -= taken.length
    return taken
  }
}

function takeFrom(held: Uint8Array[], count: number): Uint8Array {
  const taken = new Uint8Array(count)
  for (let at = 0; at < count; ) {
    const piece = held[0] as Uint8Array
    const part = piece.subarray(0, count - at)
    taken.set(part, at)
    at += part.length
    if (part.length === piece.length) held.shift()
    else held[0] = piece.subarray(part.length)
  }
  return taken
}
