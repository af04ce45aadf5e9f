/** The bytes of a public key, as its record writes it. */
export function hexBytesOf(publicKey: string): Uint8Array {
  return Uint8Array.from({ length: publicKey.length / 2 }, (_, at) =>
    Number.parseInt(publicKey.slice(at * 2, at * 2 + 2), 16),
  )
}
