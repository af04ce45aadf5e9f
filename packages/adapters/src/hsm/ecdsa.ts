export type EcdsaType = 'p-256' | 'secp256k1'

/** The order of each curve: the number of its points. */
const orders: Readonly<Record<EcdsaType, bigint>> = {
  'p-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
}

/** (r, s) and (r, -s) both verify. Pawl uses only the lower s, so a third party cannot derive a second valid signature. */
export function lowS(type: EcdsaType, signature: Uint8Array): Uint8Array {
  const order = orders[type]
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
  if (s > order / 2n) signature.set(Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex'), 32)
  return signature
}
