import { wipe } from '../kernel/bytes.ts'
import type { Random } from '../ports/random.ts'

// Shamir's secret sharing over GF(2^8) with the AES polynomial. Each byte of the secret is the value at 0 of its own
// random polynomial. A point has the values of all polynomials at one x from 1 to 255.
//
// The field arithmetic has no branch and no table lookup that depends on a secret, so it has no cache timing (I5).
// JavaScript cannot guarantee more.

export interface Point {
  readonly x: number
  readonly y: Uint8Array
}

const pointsMax = 255

/** Splits a secret into points. Any `threshold` points give the secret, and fewer reveal nothing. */
export function split(secret: Uint8Array, points: number, threshold: number, random: Random): Point[] {
  if (threshold < 2 || threshold > points || points > pointsMax) {
    throw new RangeError(`threshold must be from 2 to the number of points, and that at most ${pointsMax}`)
  }
  // One array per power, with the coefficients of all bytes. The highest power comes first.
  const coefficients = Array.from({ length: threshold - 1 }, () => random.bytes(secret.length))
  const made = Array.from({ length: points }, (_, at) => ({ x: at + 1, y: valueAt(at + 1, coefficients, secret) }))
  for (const bytes of coefficients) wipe(bytes)
  return made
}

function valueAt(x: number, coefficients: readonly Uint8Array[], secret: Uint8Array): Uint8Array {
  const value = new Uint8Array(secret.length)
  for (const power of [...coefficients, secret]) {
    for (let at = 0; at < value.length; at++) value[at] = multiply(value[at] as number, x) ^ (power[at] as number)
  }
  return value
}

/** The value at 0. Points of one secret give that secret. Points of different secrets give random bytes. */
export function combine(points: readonly Point[]): Uint8Array {
  const secret = new Uint8Array(points[0]?.y.length ?? 0)
  for (const { x, y } of points) {
    const weight = weightOf(x, points)
    for (let at = 0; at < secret.length; at++) secret[at] = (secret[at] as number) ^ multiply(y[at] as number, weight)
  }
  return secret
}

/** The Lagrange weight of a point at 0: the product of x' / (x' - x) over the other points. */
function weightOf(x: number, points: readonly Point[]): number {
  let weight = 1
  for (const { x: other } of points) {
    if (other !== x) weight = multiply(weight, multiply(other, inverse(other ^ x)))
  }
  return weight
}

export function multiply(a: number, b: number): number {
  let product = 0
  let shifted = a
  for (let bit = 0; bit < 8; bit++) {
    product ^= shifted & -((b >> bit) & 1)
    shifted = ((shifted << 1) ^ (0x11b & -(shifted >> 7))) & 0xff
  }
  return product
}

/** The inverse 1/a, as a^254. */
export function inverse(a: number): number {
  let power = a
  for (let bit = 0; bit < 6; bit++) power = multiply(multiply(power, power), a)
  return multiply(power, power)
}
