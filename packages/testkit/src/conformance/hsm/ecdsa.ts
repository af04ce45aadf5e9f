// ECDSA from the book (SEC 1, 4.1.4), slow and plain: an oracle that shares no code with what it judges.

export interface Curve {
  readonly p: bigint
  readonly a: bigint
  readonly b: bigint
  readonly order: bigint
  readonly base: Point
}

interface Point {
  readonly x: bigint
  readonly y: bigint
}

/** The point (x / z², y / z³), so that adding two needs no division (SEC 1 leaves the coordinates open). Null is infinity. */
type Sum = { readonly x: bigint; readonly y: bigint; readonly z: bigint } | null

export const curves: Readonly<Record<'p-256' | 'secp256k1', Curve>> = {
  'p-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    base: {
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    },
  },
  secp256k1: {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
    a: 0n,
    b: 7n,
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    base: {
      x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    },
  },
}

/** The point of an uncompressed public key, or null when there is none on the curve. */
export function pointOf({ p, a, b }: Curve, publicKey: Uint8Array): Point | null {
  if (publicKey.length !== 65 || publicKey[0] !== 4) return null
  const [x, y] = [numberOf(publicKey.subarray(1, 33)), numberOf(publicKey.subarray(33))]
  return x < p && y < p && mod(y * y - (x * x * x + a * x + b), p) === 0n ? { x, y } : null
}

/** Whether r ‖ s is in range, with an s in the lower half. */
export function hasLowS({ order }: Curve, signature: Uint8Array): boolean {
  const [r, s] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32))]
  return signature.length === 64 && r >= 1n && r < order && s >= 1n && s <= order / 2n
}

/** Whether r ‖ s, with a low s, is a signature of the message with this digest. */
export function verifies(curve: Curve, key: Point, digest: Uint8Array, signature: Uint8Array): boolean {
  if (!hasLowS(curve, signature)) return false
  const { order } = curve
  const [r, s] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32))]
  const inverse = invert(s, order)
  const ofBase = times(curve, mod(numberOf(digest) * inverse, order), curve.base)
  const ofKey = times(curve, mod(r * inverse, order), key)
  const sum = plus(curve, ofBase, ofKey)
  return sum !== null && mod(mod(sum.x * invert(sum.z * sum.z, curve.p), curve.p), order) === r
}

function times(curve: Curve, factor: bigint, point: Point): Sum {
  let result: Sum = null
  let doubled: Sum = { ...point, z: 1n }
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = plus(curve, result, doubled)
    doubled = double(curve, doubled)
  }
  return result
}

function plus(curve: Curve, one: Sum, other: Sum): Sum {
  if (!one || !other) return one ?? other
  const { p } = curve
  const [square, otherSquare] = [mod(one.z * one.z, p), mod(other.z * other.z, p)]
  const [x, otherX] = [mod(one.x * otherSquare, p), mod(other.x * square, p)]
  const y = mod(one.y * mod(otherSquare * other.z, p), p)
  const [width, height] = [mod(otherX - x, p), mod(other.y * mod(square * one.z, p) - y, p)]
  if (width === 0n) return height === 0n ? double(curve, one) : null
  const widthSquare = mod(width * width, p)
  const [cube, middle] = [mod(widthSquare * width, p), mod(x * widthSquare, p)]
  const sumX = mod(height * height - cube - 2n * middle, p)
  return { x: sumX, y: mod(height * (middle - sumX) - y * cube, p), z: mod(width * mod(one.z * other.z, p), p) }
}

function double({ p, a }: Curve, one: Sum): Sum {
  if (!one || one.y === 0n) return null
  const { x, y, z } = one
  const [square, zSquare] = [mod(y * y, p), mod(z * z, p)]
  const [middle, slope] = [mod(4n * x * square, p), mod(3n * x * x + a * mod(zSquare * zSquare, p), p)]
  const sumX = mod(slope * slope - 2n * middle, p)
  return { x: sumX, y: mod(slope * (middle - sumX) - 8n * square * square, p), z: mod(2n * y * z, p) }
}

/** By the extended Euclidean algorithm. */
function invert(value: bigint, modulus: bigint): bigint {
  let [low, high] = [mod(value, modulus), modulus]
  let [x, y] = [1n, 0n]
  while (low > 1n) {
    const quotient = high / low
    ;[low, high] = [high % low, low]
    ;[x, y] = [y - quotient * x, x]
  }
  return mod(x, modulus)
}

function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}
